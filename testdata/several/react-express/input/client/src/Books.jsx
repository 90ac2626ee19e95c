import { useEffect, useState } from 'react'

export function Books() {
  const [books, setBooks] = useState([])
  useEffect(() => {
    fetch('/api/books').then((res) => res.json()).then(setBooks)
  }, [])
  return <ul>{books.map((title) => <li key={title}>{title}</li>)}</ul>
}
