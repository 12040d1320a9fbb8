import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AGE_BUCKETS,
  ageBucketOf,
  cellsOf,
  cohortOf,
  DAY_CELLS,
  patchMonthAt,
  patchTuesdayMs,
  snapshotIdOf,
} from '../../src/domain/index.ts'

const DAY = 86_400_000
const times = fc.integer({ min: Date.UTC(2001, 0), max: Date.UTC(2090, 0) })

describe('a Patch Tuesday', () => {
  it('is the second Tuesday of its month, when updates are released', () => {
    fc.assert(
      fc.property(times, (timeMs) => {
        const month = new Date(timeMs).toISOString().slice(0, 7).replace('-', '')
        const day = new Date(patchTuesdayMs(month))
        expect([day.getUTCDay(), day.getUTCHours()]).toEqual([2, 17])
        expect(day.getUTCDate()).toBeGreaterThanOrEqual(8)
        expect(day.getUTCDate()).toBeLessThanOrEqual(14)
        expect(day.toISOString().slice(0, 7).replace('-', '')).toBe(month)
      }),
    )
  })

  it('before an instant is at most five weeks before it, and never after it', () => {
    fc.assert(
      fc.property(times, (timeMs) => {
        const before = patchTuesdayMs(patchMonthAt(timeMs))
        expect(before).toBeLessThanOrEqual(timeMs)
        expect(timeMs - before).toBeLessThan(35 * DAY)
      }),
    )
  })
})

describe('a cohort', () => {
  const seen = snapshotIdOf(Date.parse('2026-06-12T02:00:00Z'))
  it.each([
    ['May 2026 Security Updates', '202605'],
    ['december 2023 security update', '202312'],
    ['January 2027 Security Updates', '202701'],
    ['May 2026 Security Updates (preview)', '202606'],
    ['Update of May 2026', '202606'],
    [null, '202606'],
  ])('of %s is %s', (kbName, cohort) => {
    expect(cohortOf({ kbName, firstSeenSnapshotId: seen })).toBe(cohort)
  })

  it('is some month also where the row was damaged', () => {
    expect(cohortOf({ kbName: null, firstSeenSnapshotId: 'null' })).toBe('199912')
  })

  it('of a KB that is first seen on a Patch Tuesday before the release is the one before', () => {
    expect(cohortOf({ kbName: null, firstSeenSnapshotId: '20260609T165959Z' })).toBe('202605')
    expect(cohortOf({ kbName: null, firstSeenSnapshotId: '20260609T170000Z' })).toBe('202606')
    expect(cohortOf({ kbName: null, firstSeenSnapshotId: '20260101T020000Z' })).toBe('202512')
  })
})

describe('ages and cells of days', () => {
  it('take in every number of days, each once', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), (days) => {
        const { from, to } = AGE_BUCKETS[ageBucketOf(days)] ?? { from: NaN, to: null }
        expect(days >= from && days <= (to ?? Infinity)).toBe(true)
        const cells = cellsOf(new Map([[days, 3]]))
        const cell = cells.indexOf(3)
        expect(cells.filter((count) => count > 0)).toEqual([3])
        expect(days <= (DAY_CELLS[cell] ?? Infinity) && days > (DAY_CELLS[cell - 1] ?? -1)).toBe(true)
      }),
    )
  })
})
