import { expect, test } from 'vitest'
import { throttledSeconds, throttledUntil } from '../../src/defender/retry-after.ts'
import { HOUR, MINUTE, REFERENCE_MS, SECOND } from './budget/units.ts'

test('a 429 holds until its Retry-After is certainly over', () => {
  expect(throttledUntil(REFERENCE_MS, 30)).toBe(REFERENCE_MS + 31 * SECOND)
  expect(throttledUntil(REFERENCE_MS, 0.0004)).toBe(REFERENCE_MS + 1 + SECOND)
})

test('a 429 without a usable Retry-After holds for a minute', () => {
  for (const header of [undefined, '', '-5', 'NaN']) {
    const seconds = throttledSeconds(header, '', REFERENCE_MS)
    expect(throttledUntil(REFERENCE_MS, seconds)).toBe(REFERENCE_MS + MINUTE + SECOND)
  }
})

test('an absurd Retry-After stops a tenant for a day, not for good', () => {
  for (const seconds of [1e9, Infinity]) expect(throttledUntil(REFERENCE_MS, seconds)).toBe(REFERENCE_MS + 24 * HOUR)
})
