import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coverageOf, pendingSnapshot, progressOf } from '../../src/domain/index.ts'
import { serializeLedger } from '../../src/defender/budget/encode.ts'
import type { Ledger } from '../../src/defender/budget/ledger.ts'
import { etaSecondsOf } from '../../src/sync/index.ts'

const running = { ...pendingSnapshot('20260612T020000Z', 'schedule'), status: 'running', phase: 'observing' } as const
const quota = { callsPerMinute: 50, callsPerHour: 1500 }
const NOW = Date.parse('2026-06-12T03:00:00Z')
/** What a tenant has spent that Defender makes wait so many seconds. */
const spent = (waitSeconds = 0, ledger: Ledger = []) => ({
  notBefore: waitSeconds > 0 ? new Date(NOW + waitSeconds * 1000).toISOString() : null,
  missingKbsBudget: serializeLedger(ledger, { earliestMs: NOW, latestMs: NOW }),
})

describe('etaSeconds', () => {
  it('is the minute quota for a small fleet, and an hour more for every hour quota', () => {
    const eta = (wanted: number, calls = 0) => etaSecondsOf({ ...running, wanted, observed: calls }, quota, spent(), NOW)
    expect(eta(300)).toBe(360)
    expect(eta(1500)).toBe(3600)
    expect(eta(6000)).toBe(4 * 3600)
    expect(eta(6000, 1500)).toBe(3 * 3600)
    expect(eta(6000, 6000)).toBe(0)
  })

  it('counts what is left of the minute and of the hour', () => {
    const eta = (left: number, ledger: Ledger, waitSeconds = 0) =>
      etaSecondsOf({ ...running, wanted: left }, quota, spent(waitSeconds, ledger), NOW)
    const ago = (minutes: number, count: number) => ({ endMs: NOW - minutes * 60_000, count })
    const hourUsedUp = [ago(10, 1500)]
    expect(eta(25, hourUsedUp)).toBe(50 * 60)
    expect(eta(300, hourUsedUp)).toBe(56 * 60)
    expect(eta(3000, hourUsedUp)).toBe((50 + 120) * 60)
    expect(eta(30_000, hourUsedUp)).toBe((50 + 20 * 60) * 60)
    expect(eta(25, [ago(10, 1400)])).toBe(30)
    expect(eta(150, [ago(10, 1400)])).toBe(51 * 60)
    expect(eta(25, [ago(0.5, 50)])).toBe(30)
    expect(eta(75, [ago(0.5, 50)])).toBe(90)
    // Time that passes anyway.
    expect(eta(25, hourUsedUp, 40 * 60)).toBe(50 * 60)
    expect(eta(25, hourUsedUp, 55 * 60)).toBe(55 * 60 + 30)
  })

  it('takes a ledger that cannot be read for an hour used up', () => {
    expect(etaSecondsOf({ ...running, wanted: 25 }, quota, { notBefore: null, missingKbsBudget: '?' }, NOW)).toBe(70 * 60)
  })

  it('is found in little time, however ragged the ledger and however many the machines', () => {
    const ragged = Array.from({ length: 1500 }, (_, at) => ({ endMs: NOW - 3_500_000 + at * 2_300, count: 1 }))
    const started = performance.now()
    expect(etaSecondsOf({ ...running, wanted: 2_000_000 }, quota, spent(0, ragged), NOW)).toBeGreaterThan(1_300 * 3600)
    expect(performance.now() - started).toBeLessThan(500)
  })

  it('is known only while machines are asked', () => {
    expect(etaSecondsOf({ ...running, phase: 'listing', wanted: 9 }, quota, spent(), NOW)).toBeUndefined()
    expect(etaSecondsOf({ ...running, status: 'completed', wanted: 9 }, quota, spent(), NOW)).toBeUndefined()
    expect(etaSecondsOf({ ...running, status: 'pending', wanted: 9 }, quota, spent(), NOW)).toBeUndefined()
  })

  it('adds what Defender asked to wait, and never shrinks when machines are added', () => {
    const counts = fc.record({
      wanted: fc.nat(50_000),
      calls: fc.nat(50_000),
      wait: fc.nat(4000),
      perMinute: fc.integer({ min: 1, max: 200 }),
    })
    fc.assert(
      fc.property(counts, ({ wanted, calls, wait, perMinute }) => {
        const ledger = calls > 0 ? [{ endMs: NOW - 60_000, count: calls }] : []
        const eta = (machines: number, seconds: number) =>
          etaSecondsOf({ ...running, wanted: machines }, { callsPerMinute: perMinute, callsPerHour: 1500 }, spent(seconds, ledger), NOW) ??
          NaN
        expect(eta(wanted, wait)).toBeGreaterThanOrEqual(wait)
        expect(eta(wanted + 1, wait)).toBeGreaterThanOrEqual(eta(wanted, wait))
      }),
    )
  })
})

describe('coverage and progress', () => {
  it('are 1 for a snapshot that had no machine to ask, and 0 for one that failed before it knew', () => {
    expect(coverageOf({ ...running, status: 'completed' })).toBe(1)
    expect(coverageOf({ ...running, status: 'failed' })).toBe(0)
    expect(coverageOf(running)).toBe(0)
  })

  it('count what was not observed as done while the snapshot runs, and not of a failed one', () => {
    const counts = { wanted: 300, observed: 100, unknown: 200 }
    expect(progressOf({ ...running, ...counts })).toBe(0.99)
    expect(progressOf({ ...running, ...counts, status: 'failed' })).toBe(0.33)
    expect(progressOf({ ...running, status: 'failed', wanted: 300, observed: 0, unknown: 300 })).toBe(0)
    expect(progressOf({ ...running, status: 'failed', wanted: 300, observed: 300, unknown: 0 })).toBe(0.99)
  })

  it('stay between 0 and 1, and progress is 1 only at the end', () => {
    const counts = fc.record({ wanted: fc.nat(100), observed: fc.nat(100), unknown: fc.nat(100) })
    fc.assert(
      fc.property(counts, (machines) => {
        expect(coverageOf({ ...running, ...machines })).toBeLessThanOrEqual(1)
        expect(progressOf({ ...running, ...machines })).toBeLessThan(1)
        expect(progressOf({ ...running, ...machines, status: 'incomplete' })).toBe(1)
      }),
    )
  })
})
