import { books } from '@shop/catalog'

export function page() {
  return `<h1>Stock</h1><ul>${books().map((b) => `<li>${b.title}</li>`).join('')}</ul>`
}
