import assert from 'node:assert/strict'
import { test } from 'node:test'
import { euros } from './index.ts'

test('cents become euros', () => assert.equal(euros(1799), '17.99 EUR'))
