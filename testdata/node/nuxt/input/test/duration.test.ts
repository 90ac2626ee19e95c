import assert from 'node:assert/strict'
import { test } from 'node:test'
import { duration } from '../server/utils/duration.ts'

test('hours and minutes', () => assert.equal(duration(95), '1 h 35 min'))
