import assert from 'node:assert/strict'
import { test } from 'node:test'
import { page } from './page.js'

test('the page lists the books', () => assert.match(page(), /Invisible Cities/))
