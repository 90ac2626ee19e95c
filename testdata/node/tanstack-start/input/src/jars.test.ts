import { expect, test } from 'vitest'
import { jars } from './jars'

test('the last jar need not be full', () => expect(jars(2600)).toBe(7))
