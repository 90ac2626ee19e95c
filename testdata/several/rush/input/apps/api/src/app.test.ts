import assert from 'node:assert/strict'
import { test } from 'node:test'
import { app } from './app.ts'

test('a book has a price', async () => {
  const res = await app.request('/books')
  assert.match(await res.text(), /17\.99 EUR/)
})
