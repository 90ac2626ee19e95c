import assert from 'node:assert/strict';
import test from 'node:test';

import { label } from './label.js';

test('a jar of flour', () => {
  assert.equal(label('flour', 1500), 'flour, 1.5 kg');
});
