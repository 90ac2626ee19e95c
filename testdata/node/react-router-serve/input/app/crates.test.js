import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crates } from './crates.js'

test('the last crate need not be full', () => assert.equal(crates(130), 8))
