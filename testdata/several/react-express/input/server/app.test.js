import assert from 'node:assert/strict'
import { test } from 'node:test'
import { app } from './app.js'

test('there are books', async (t) => {
  const server = app.listen(0)
  t.after(() => server.close())
  const res = await fetch(`http://127.0.0.1:${server.address().port}/api/books`)
  assert.deepEqual(await res.json(), ['Invisible Cities', 'Solaris'])
})
