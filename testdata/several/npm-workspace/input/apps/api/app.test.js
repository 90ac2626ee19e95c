import assert from 'node:assert/strict'
import { test } from 'node:test'
import { app } from './app.js'

test('books have slugs', async (t) => {
  const server = app.listen(0)
  t.after(() => server.close())
  const res = await fetch(`http://127.0.0.1:${server.address().port}/books`)
  assert.equal((await res.json())[0].slug, 'the-left-hand-of-darkness')
})
