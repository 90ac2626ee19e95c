import assert from 'node:assert/strict'
import { test } from 'node:test'
import { books } from './index.js'

test('a book has a slug', () => assert.equal(books()[1].slug, 'invisible-cities'))
