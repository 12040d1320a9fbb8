import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextSliceAt, parseLedger, serializeLedger } from '../../../src/defender/budget/encode.ts'
import { collect, freeAt, nextAvailableAt, type Ledger } from '../../../src/defender/budget/ledger.ts'
import { LONGEST_AHEAD_MS, LONGEST_LEDGER_CHARS } from '../../../src/defender/budget/policy.ts'
import { HOUR, MINUTE, REFERENCE_MS, SECOND } from './units.ts'

const NOW = { earliestMs: REFERENCE_MS, latestMs: REFERENCE_MS + 700 }
const HUGE = { perMinute: 1e12, perHour: 1e12 }

const ledgers = (maxLength: number): fc.Arbitrary<Ledger> =>
  fc
    .array(
      fc.record({
        endMs: fc.oneof(
          fc.integer({ min: REFERENCE_MS - HOUR, max: REFERENCE_MS + LONGEST_AHEAD_MS }),
          fc.integer({ min: REFERENCE_MS - 65 * SECOND, max: REFERENCE_MS + SECOND }),
        ),
        count: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1_000 })),
      }),
      { maxLength, size: 'max' },
    )
    .map(collect)

const counted = (ledger: Ledger): number => ledger.reduce((sum, { count }) => sum + count, 0)
const reread = (ledger: Ledger): Ledger => parseLedger(serializeLedger(ledger, NOW), NOW).ledger

/** Calls that the windows which end at `atMs` count: as the quota that would remain of a huge one. */
const spentAt = (ledger: Ledger, atMs: number): number => HUGE.perMinute - freeAt(ledger, 0, HUGE, atMs)

describe('the stored ledger', () => {
  test('reads as documented', () => {
    const ledger = [
      { endMs: REFERENCE_MS, count: 1 },
      { endMs: REFERENCE_MS + 40, count: 5 },
      { endMs: REFERENCE_MS + 1_040, count: 1 },
    ]
    expect(serializeLedger(ledger, NOW)).toMatch(/^1 [0-9a-z]+ 2ah0uxs0 4\*5 2s$/)
    expect(reread(ledger)).toEqual(ledger)
  })

  test('never counts less than before, at any time, and loses no call', () => {
    fc.assert(
      fc.property(ledgers(200), fc.array(fc.integer({ min: 0, max: HOUR + LONGEST_AHEAD_MS }), { minLength: 20 }), (ledger, delays) => {
        const after = reread(ledger)
        const breaks = ledger.flatMap(({ endMs }) => [endMs + MINUTE, endMs + HOUR])
        for (const atMs of [...breaks, ...delays.map((delay) => REFERENCE_MS + delay)].filter((at) => at >= REFERENCE_MS)) {
          expect(spentAt(after, atMs)).toBeGreaterThanOrEqual(spentAt(ledger, atMs))
        }
        expect(counted(after)).toBe(counted(ledger))
      }),
    )
  })

  test('is no coarser than 10 ms for what the minute may count, and 1 s for the rest', () => {
    fc.assert(
      fc.property(fc.integer({ min: -HOUR, max: SECOND }), (age) => {
        const endMs = REFERENCE_MS + age
        const [entry] = reread([{ endMs, count: 1 }])
        expect((entry?.endMs ?? 0) - endMs).toBeLessThan(age >= -MINUTE ? 10 : 1_000)
      }),
    )
  })

  test('does not bring back into the minute what has left it', () => {
    const now = { earliestMs: REFERENCE_MS + 500, latestMs: REFERENCE_MS + 501 }
    const left = [{ endMs: now.earliestMs - MINUTE - 11, count: 1 }]
    const { ledger } = parseLedger(serializeLedger(left, now), now)
    expect(nextAvailableAt(ledger, { perMinute: 1, perHour: 100 }, now.earliestMs)).toBe(now.earliestMs)
  })

  test('does not drift when it is stored again and again', () => {
    fc.assert(
      fc.property(ledgers(50), (ledger) => {
        expect(reread(reread(ledger))).toEqual(reread(ledger))
      }),
    )
  })

  test('fits the string at a million calls an hour, each call at a time of its own', () => {
    const calls = collect(Array.from({ length: 1_000_000 }, (_, at) => ({ endMs: REFERENCE_MS - HOUR + Math.floor(at * 3.6), count: 1 })))
    const text = serializeLedger(calls, NOW)
    expect(text.length).toBeLessThanOrEqual(LONGEST_LEDGER_CHARS)
    expect(counted(parseLedger(text, NOW).ledger)).toBe(1_000_000)
  })

  test('fits the string whatever is in it', () => {
    const span = HOUR + LONGEST_AHEAD_MS
    const worst = collect(Array.from({ length: span / 10 }, (_, at) => ({ endMs: REFERENCE_MS - HOUR + at * 10, count: 999_999_999 })))
    const text = serializeLedger(worst, NOW)
    expect(text.length).toBeLessThanOrEqual(LONGEST_LEDGER_CHARS)
    const later = { earliestMs: REFERENCE_MS, latestMs: REFERENCE_MS + 1_000 * HOUR }
    const wide = collect(Array.from({ length: 20_000 }, (_, at) => ({ endMs: REFERENCE_MS + at * 100 * SECOND, count: 7 })))
    const folded = serializeLedger(wide, later)
    expect(folded.length).toBeLessThanOrEqual(LONGEST_LEDGER_CHARS)
    expect(parseLedger(folded, later).ledger).toEqual([{ endMs: REFERENCE_MS + 19_999 * 100 * SECOND, count: 140_000 }])
  })
})

describe('a text that is not a ledger', () => {
  const blocked = (text: string): void => {
    const { ledger, mended } = parseLedger(text, NOW)
    expect(mended).toBe(true)
    expect(freeAt(ledger, 0, { perMinute: 1e6, perHour: 1e6 }, NOW.latestMs + HOUR)).toBe(0)
    expect(nextSliceAt(text, { perMinute: 1, perHour: 1 }, NOW)).toBe(NOW.earliestMs)
  }

  test('counts as everything spent, whatever it is', () => {
    fc.assert(fc.property(fc.string(), blocked))
    fc.assert(fc.property(fc.stringMatching(/^1( [0-9a-z]{1,12}(\*[0-9a-z]{1,12})?){0,5}$/), blocked))
    blocked('1')
    blocked('9'.repeat(LONGEST_LEDGER_CHARS + 1))
  })

  test('is known by one wrong, missing or additional character', () => {
    const text = serializeLedger(
      [
        { endMs: REFERENCE_MS - 5_000, count: 3 },
        { endMs: REFERENCE_MS, count: 12 },
      ],
      NOW,
    )
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'0az* é', ''), fc.nat(1), (at, char, more) => {
        const damaged = text.slice(0, at) + char + text.slice(at + 1 - more)
        fc.pre(damaged !== text)
        blocked(damaged)
      }),
    )
  })

  test('is over after a window once it was stored mended', () => {
    const mended = serializeLedger(parseLedger('?', NOW).ledger, NOW)
    const laterMs = NOW.latestMs + HOUR + LONGEST_AHEAD_MS + SECOND
    expect(freeAt(parseLedger(mended, { earliestMs: laterMs, latestMs: laterMs }).ledger, 0, { perMinute: 5, perHour: 9 }, laterMs)).toBe(5)
  })

  test('is not the absence of one: a row without a ledger has spent nothing', () => {
    expect(parseLedger(undefined, NOW)).toEqual({ ledger: [], mended: false })
    expect(parseLedger(serializeLedger([], NOW), NOW)).toEqual({ ledger: [], mended: false })
  })
})
