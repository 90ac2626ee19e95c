const list = document.getElementById("books")

fetch("/api/books")
  .then((response) => response.json())
  .then((books) => {
    for (const title of books) {
      const item = document.createElement("li")
      item.textContent = title
      list.append(item)
    }
  })
