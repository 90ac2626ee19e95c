const list = document.querySelector('#notices')
for (const text of await (await fetch('/api/notices')).json()) {
  const item = document.createElement('li')
  item.textContent = text
  list.append(item)
}
