import assert from 'node:assert/strict'
import { test } from 'node:test'
import { app } from './app.js'

test('there is a page', async () => {
  const res = await app.request('/')
  assert.match(await res.text(), /Orders/)
})
