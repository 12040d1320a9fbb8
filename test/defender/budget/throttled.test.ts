import { expect, test } from 'vitest'
import { throttledUntil } from '../../../src/defender/budget/throttled.ts'
import { HOUR, MINUTE, REFERENCE_MS, SECOND } from './units.ts'

test('a 429 holds until its Retry-After is certainly over', () => {
  expect(throttledUntil(REFERENCE_MS, 30)).toBe(REFERENCE_MS + 31 * SECOND)
  expect(throttledUntil(REFERENCE_MS, 0.0004)).toBe(REFERENCE_MS + 1 + SECOND)
})

test('a 429 without a usable Retry-After holds for a minute', () => {
  for (const seconds of [undefined, 0, -5, Number.NaN]) expect(throttledUntil(REFERENCE_MS, seconds)).toBe(REFERENCE_MS + MINUTE)
})

test('an absurd Retry-After stops a tenant for a day, not for good', () => {
  for (const seconds of [1e9, Infinity]) expect(throttledUntil(REFERENCE_MS, seconds)).toBe(REFERENCE_MS + 24 * HOUR)
})
