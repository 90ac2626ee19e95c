const list = document.querySelector('#books')

for (const title of await (await fetch('/api/catalog')).json()) {
  list.append(Object.assign(document.createElement('li'), { textContent: title }))
}
