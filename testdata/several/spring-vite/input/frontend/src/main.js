const list = document.querySelector('#books')
for (const title of await (await fetch('/api/books')).json()) {
  const item = document.createElement('li')
  item.textContent = title
  list.append(item)
}
