import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choose, type Waiting } from '../../../src/sync/dispatch/choose.ts'
import { mayBeSent } from '../../../src/sync/dispatch/waiting.ts'

const MINUTE = 60_000
const waiting = fc.array(fc.record({ tenantId: fc.uuid(), sinceMs: fc.nat(1000), lastSliceMs: fc.nat(1000), asksDefender: fc.boolean() }), {
  maxLength: 600,
})

describe('whom a tick sends messages', () => {
  it('are those that have waited longest, at least 200 and at most twice the slices that ended', () => {
    fc.assert(
      fc.property(waiting, fc.nat(400), (all, slicesEnded) => {
        const chosen = choose(all, { slicesEnded, isAppBlocked: false })
        expect(chosen).toHaveLength(Math.min(all.length, Math.max(200, 2 * slicesEnded)))
        const left = all.filter((one) => !chosen.includes(one))
        const latest = Math.max(...chosen.map(({ sinceMs }) => sinceMs))
        for (const { sinceMs } of left) expect(sinceMs).toBeGreaterThanOrEqual(latest)
      }),
    )
  })

  it('while the app itself is refused, are one that asks Defender, and those that do not', () => {
    fc.assert(
      fc.property(waiting, (all) => {
        const chosen = choose(all, { slicesEnded: 0, isAppBlocked: true })
        const asking = all.filter(({ asksDefender }) => asksDefender)
        expect(chosen.filter(({ asksDefender }) => asksDefender)).toHaveLength(Math.min(1, asking.length))
        const [probe] = chosen.filter(({ asksDefender }) => asksDefender)
        for (const { lastSliceMs } of asking) expect(lastSliceMs).toBeGreaterThanOrEqual(probe?.lastSliceMs ?? 0)
      }),
    )
  })

  it('take turns in trying for the app, so that one tenant cannot stand for all', () => {
    const tenants: Waiting[] = ['a', 'b', 'c'].map((tenantId) => ({ tenantId, sinceMs: 0, lastSliceMs: 0, asksDefender: true }))
    const tried = [1, 2, 3, 4].map((now) => {
      const [probe] = choose(tenants, { slicesEnded: 0, isAppBlocked: true })
      if (probe) probe.lastSliceMs = now
      return probe?.tenantId
    })
    expect(tried).toEqual(['a', 'b', 'c', 'a'])
  })
})

describe('whether a tenant may be sent a message', () => {
  const at = (ms: number) => new Date(ms).toISOString()
  it.each([
    [null, 0, 0, true],
    [at(0), 1, 2 * MINUTE - 1, false],
    [at(0), 1, 2 * MINUTE, true],
    [at(0), 2, 10 * MINUTE - 1, false],
    [at(0), 2, 10 * MINUTE, true],
    [at(0), 99, 10 * MINUTE, true],
    // A clock that was wrong sent it.
    [at(100 * 60 * MINUTE), 1, 0, true],
  ])('sent at %s, %i times, by %i ms: %s', (dispatchedAt, dispatches, nowMs, expected) => {
    expect(mayBeSent({ dispatchedAt, dispatches }, nowMs)).toBe(expected)
  })
})
