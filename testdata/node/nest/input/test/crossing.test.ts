import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes } from '../src/crossing.ts';

test('a crossing of 12 miles at 18 knots takes 40 minutes', () => {
  assert.equal(minutes(12, 18), 40);
});
