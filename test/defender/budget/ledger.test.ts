import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collect, freeAt, nextAvailableAt, nextFreeMs, spend, trim, type Ledger } from '../../../src/defender/budget/ledger.ts'
import { LONGEST_AHEAD_MS } from '../../../src/defender/budget/policy.ts'
import { HOUR, MINUTE, REFERENCE_MS } from './units.ts'

const NOW = { earliestMs: REFERENCE_MS, latestMs: REFERENCE_MS + 1 }

const ledgers: fc.Arbitrary<Ledger> = fc
  .array(
    fc.record({ endMs: fc.integer({ min: REFERENCE_MS - 2 * HOUR, max: REFERENCE_MS + HOUR }), count: fc.integer({ min: 1, max: 5 }) }),
  )
  .map(collect)

describe('the ledger', () => {
  test('counts two calls exactly a minute apart in one window', () => {
    const ledger = spend([], REFERENCE_MS, 1)
    const quota = { perMinute: 1, perHour: 10 }
    expect(freeAt(ledger, 0, quota, REFERENCE_MS + MINUTE)).toBe(0)
    expect(freeAt(ledger, 0, quota, REFERENCE_MS + MINUTE + 1)).toBe(1)
    expect(nextAvailableAt(ledger, quota, REFERENCE_MS)).toBe(REFERENCE_MS + MINUTE + 1)
  })

  test('is held by the hour when the minute is free', () => {
    const ledger = spend([], REFERENCE_MS, 3)
    expect(nextAvailableAt(ledger, { perMinute: 4, perHour: 3 }, REFERENCE_MS)).toBe(REFERENCE_MS + HOUR + 1)
  })

  test('counts calls in flight, and has no next call when they alone fill a window', () => {
    const quota = { perMinute: 2, perHour: 10 }
    expect(freeAt([], 1, quota, REFERENCE_MS)).toBe(1)
    expect(freeAt([], 5, quota, REFERENCE_MS)).toBe(0)
    expect(nextFreeMs([], 2, quota)).toBe(Infinity)
    expect(nextAvailableAt([], quota, REFERENCE_MS)).toBe(REFERENCE_MS)
  })

  test('has a call free from exactly the moment it names', () => {
    fc.assert(
      fc.property(
        ledgers,
        fc.nat(3),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 30 }),
        (ledger, inFlight, perMinute, perHour) => {
          const quota = { perMinute, perHour }
          const nextMs = nextFreeMs(ledger, inFlight, quota)
          expect(nextMs === Infinity).toBe(inFlight >= Math.min(perMinute, perHour))
          fc.pre(nextMs < Infinity)
          const fromMs = Math.max(nextMs, REFERENCE_MS - 5 * HOUR)
          expect(freeAt(ledger, inFlight, quota, fromMs)).toBeGreaterThan(0)
          if (nextMs > -Infinity) expect(freeAt(ledger, inFlight, quota, nextMs - 1)).toBe(0)
        },
      ),
    )
  })

  test('stays ascending with each end once, whatever the order of spending', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ endMs: fc.nat(20), count: fc.integer({ min: 1, max: 3 }) })), (entries) => {
        const spent = entries.reduce<Ledger>((ledger, { endMs, count }) => spend(ledger, endMs, count), [])
        expect(spent).toEqual(collect(entries))
        expect(spent.every(({ endMs }, at) => at === 0 || endMs > (spent[at - 1]?.endMs ?? 0))).toBe(true)
      }),
    )
  })

  test('drops what no window can count any more, and nothing else', () => {
    const ledger = [REFERENCE_MS - HOUR - 1, REFERENCE_MS - HOUR, REFERENCE_MS].map((endMs) => ({ endMs, count: 1 }))
    expect(trim(ledger, NOW)).toEqual(ledger.slice(1))
  })

  test('pulls in what only a clock that went back can have left ahead', () => {
    const ledger = spend(spend([], REFERENCE_MS + 1, 1), REFERENCE_MS + 5 * HOUR, 2)
    expect(trim(ledger, NOW)).toEqual([
      { endMs: REFERENCE_MS + 1, count: 1 },
      { endMs: NOW.latestMs + LONGEST_AHEAD_MS, count: 2 },
    ])
  })
})
