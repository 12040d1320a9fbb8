import { describe, expect, test } from 'vitest'
import {
  begin,
  end,
  isReservationOpen,
  ledgerToStore,
  nextSendMs,
  openReservation,
  reserve,
  spendingOf,
  type ReserveOptions,
} from '../../../src/defender/budget/spending.ts'
import { LONGEST_AHEAD_MS, UNANSWERED_GRACE_MS } from '../../../src/defender/budget/policy.ts'
import type { Quota } from '../../../src/defender/budget/quota.ts'
import { MINUTE, REFERENCE_MS, SECOND } from './units.ts'

const QUOTA = { perMinute: 5, perHour: 100 }
const OPTIONS: ReserveOptions = { wanted: 100, freeWithinMs: 0, sendWithinMs: 45 * SECOND, arriveWithinMs: 30 * SECOND }
const at = (ms: number) => ({ earliestMs: REFERENCE_MS + ms, latestMs: REFERENCE_MS + ms + 100 })
const reserved = (options: ReserveOptions, quota: Quota = QUOTA) =>
  openReservation(spendingOf([]), reserve(spendingOf([]), quota, at(0), options))

describe('a reservation', () => {
  test('is stored as calls that end as late as one of them can arrive', () => {
    const { granted, ledger } = reserve(spendingOf([]), QUOTA, at(0), OPTIONS)
    expect(granted).toBe(5)
    expect(ledger).toEqual([{ endMs: REFERENCE_MS + 100 + 75 * SECOND, count: 5 }])
  })

  test('has the calls that become free within the horizon, and none that become free after it', () => {
    const spent = spendingOf([{ endMs: REFERENCE_MS - MINUTE + 2 * SECOND, count: 5 }])
    expect(reserve(spent, QUOTA, at(0), { ...OPTIONS, freeWithinMs: 2 * SECOND }).granted).toBe(0)
    expect(reserve(spent, QUOTA, at(0), { ...OPTIONS, freeWithinMs: 2 * SECOND + 1 }).granted).toBe(5)
  })

  test('may be spent until its end, by the latest present', () => {
    const spending = reserved(OPTIONS)
    expect(isReservationOpen(spending, at(45 * SECOND))).toBe(true)
    expect(isReservationOpen(spending, at(45 * SECOND + 1))).toBe(false)
  })

  test('keeps counting the calls of an earlier one that are in flight', () => {
    const first = reserved({ ...OPTIONS, wanted: 2 })
    const { granted, ledger } = reserve(begin(begin(first)), QUOTA, at(SECOND), OPTIONS)
    expect(granted).toBe(3)
    expect(ledger).toEqual([
      { endMs: REFERENCE_MS + 1_100 + 30 * SECOND, count: 2 },
      { endMs: REFERENCE_MS + 1_100 + 75 * SECOND, count: 3 },
    ])
  })

  test('cannot reach further ahead than a ledger is trusted', () => {
    expect(() => reserve(spendingOf([]), QUOTA, at(0), { ...OPTIONS, sendWithinMs: LONGEST_AHEAD_MS })).toThrow(RangeError)
  })
})

describe('a call', () => {
  const one = begin(reserved(OPTIONS, { perMinute: 1, perHour: 9 }))

  test('counts from its answer, at the latest present, in hundredths of a second', () => {
    expect(end(one, at(7), 'answered')).toMatchObject({ inFlight: 0, ended: [{ endMs: REFERENCE_MS + 110, count: 1 }] })
  })

  test('without an answer counts from later, since it may be on its way', () => {
    expect(end(one, at(0), 'unanswered').ended).toEqual([{ endMs: REFERENCE_MS + 100 + UNANSWERED_GRACE_MS, count: 1 }])
  })

  test('that was not sent does not count', () => {
    const unsent = end(one, at(0), 'notSent')
    expect(ledgerToStore(unsent, at(0), SECOND)).toEqual([])
    expect(nextSendMs(unsent, { perMinute: 1, perHour: 9 })).toBe(-Infinity)
  })

  test('in flight holds its place until it ends', () => {
    expect(nextSendMs(one, { perMinute: 1, perHour: 9 })).toBe(Infinity)
  })
})
