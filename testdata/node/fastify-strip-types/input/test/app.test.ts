import assert from 'node:assert/strict';
import test from 'node:test';

import { build } from '../src/app.ts';

test('two zones', async () => {
  const answer = await build().inject('/');
  assert.equal(answer.json().single, 270);
});
