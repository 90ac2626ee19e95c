const list = document.querySelector('#books')

for (const title of await (await fetch('/api/books')).json()) {
  list.append(Object.assign(document.createElement('li'), { textContent: title }))
}
