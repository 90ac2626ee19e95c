const list = document.querySelector('#fruit')
for (const name of (await (await fetch('/api/fruit')).json()).fruit) {
  const item = document.createElement('li')
  item.textContent = name
  list.append(item)
}
