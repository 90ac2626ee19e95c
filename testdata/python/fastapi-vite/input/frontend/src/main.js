const list = document.querySelector('#trains')
for (const text of await (await fetch('/api/trains')).json()) {
  const item = document.createElement('li')
  item.textContent = text
  list.append(item)
}
