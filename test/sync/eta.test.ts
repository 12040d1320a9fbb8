import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coverageOf, pendingSnapshot, progressOf } from '../../src/domain/index.ts'
import { etaSecondsOf } from '../../src/sync/index.ts'

const running = { ...pendingSnapshot('20260612T020000Z', 'schedule'), status: 'running', phase: 'observing' } as const
const quota = { callsPerMinute: 50, callsPerHour: 1500 }

describe('etaSeconds', () => {
  it('is the minute quota for a small fleet, and an hour more for every hour quota', () => {
    const eta = (wanted: number, calls = 0) => etaSecondsOf({ ...running, wanted, observed: calls, calls }, quota, 0)
    expect(eta(300)).toBe(360)
    expect(eta(1500)).toBe(3600)
    expect(eta(6000)).toBe(4 * 3600)
    expect(eta(6000, 1500)).toBe(3 * 3600)
    expect(eta(6000, 6000)).toBe(0)
  })

  it('is known only while machines are asked', () => {
    expect(etaSecondsOf({ ...running, phase: 'listing', wanted: 9 }, quota, 0)).toBeUndefined()
    expect(etaSecondsOf({ ...running, status: 'completed', wanted: 9 }, quota, 0)).toBeUndefined()
    expect(etaSecondsOf({ ...running, status: 'pending', wanted: 9 }, quota, 0)).toBeUndefined()
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
        const eta = (machines: number, seconds: number) =>
          etaSecondsOf({ ...running, wanted: machines, calls }, { callsPerMinute: perMinute, callsPerHour: 1500 }, seconds) ?? NaN
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
