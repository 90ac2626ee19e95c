import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sidebar } from '../docs/.vitepress/sidebar.ts'

test('named after the page', () =>
  assert.deepEqual(sidebar(['guide/moorings']), [{ text: 'moorings', link: '/guide/moorings' }]))
