import assert from 'node:assert/strict';
import test from 'node:test';

import { height } from '../lib/height.mjs';

test('high water', () => {
  assert.equal(height(0), 3.5);
});
