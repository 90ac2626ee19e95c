import assert from 'node:assert/strict';
import { test } from 'node:test';
import { magnitude } from '../src/lib/magnitude.js';

test('a hundred times as bright is five magnitudes', () => assert.equal(magnitude(100, 1), 5));
