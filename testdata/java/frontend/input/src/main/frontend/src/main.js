const list = document.querySelector('#fish')
for (const name of await (await fetch('/api/fish')).json()) {
  const item = document.createElement('li')
  item.textContent = name
  list.append(item)
}
