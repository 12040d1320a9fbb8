import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideDue } from '../../src/sync/due.ts'

const DAY = 86_400_000
const dailyStarts = (after: number, upTo: number) => {
  const starts: number[] = []
  for (let start = (Math.floor(after / DAY) + 1) * DAY; start <= upTo; start += DAY) starts.push(start)
  return starts
}
const REFERENCE = Date.parse('2026-06-12T12:00:00Z')
const tenant = (activeSnapshotId: string | null, scheduledThrough: number) => ({
  activeSnapshotId,
  scheduledThrough: new Date(scheduledThrough).toISOString(),
})

describe('what a tick has to do', () => {
  it('is one snapshot, however many starts were missed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 * DAY }), (downMilliseconds) => {
        const due = decideDue(tenant(null, REFERENCE - downMilliseconds), dailyStarts, REFERENCE)
        const missed = dailyStarts(REFERENCE - downMilliseconds, REFERENCE).length
        expect(due.kind).toBe(missed > 0 ? 'start' : 'idle')
      }),
    )
  })

  it('is to go on with a snapshot under way, counting the starts that it overruns', () => {
    expect(decideDue(tenant('20260610T000000Z', REFERENCE - 2 * DAY), dailyStarts, REFERENCE)).toEqual({ kind: 'resume', skippedStarts: 2 })
    expect(decideDue(tenant('20260612T000000Z', REFERENCE), dailyStarts, REFERENCE)).toEqual({ kind: 'resume', skippedStarts: 0 })
  })

  it('counts each start once over any sequence of ticks', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 * DAY }), { minLength: 1, maxLength: 20 }), (steps) => {
        let now = REFERENCE
        let skipped = 0
        for (const step of steps) {
          const due = decideDue(tenant('20260601T000000Z', now), dailyStarts, now + step)
          if (due.kind === 'resume') skipped += due.skippedStarts
          now += step
        }
        expect(skipped).toBe(dailyStarts(REFERENCE, now).length)
      }),
    )
  })
})
