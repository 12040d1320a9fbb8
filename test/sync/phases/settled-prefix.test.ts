import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SettledPrefix } from '../../../src/sync/phases/settled-prefix.ts'
import { type Tally, tallyOf } from '../../../src/sync/phases/tally.ts'

describe('the cursor of a phase', () => {
  it('stands at the last machine up to which all are settled, and counts those and no others, in whatever order they settle', () => {
    const machines = fc.array(fc.constantFrom<keyof Tally>('observed', 'unknown', 'skipped'), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(machines, fc.array(fc.nat(), { minLength: 30, maxLength: 30 }), fc.nat({ max: 30 }), (outcomes, order, settledCount) => {
        const ids = outcomes.map((_, index) => `m${String(index).padStart(3, '0')}`)
        const progress = new SettledPrefix(null)
        const settle = ids.map((id) => progress.begin(id))
        const shuffled = [...ids.keys()].map((index) => ({ index, key: order[index] ?? 0 })).sort((a, b) => a.key - b.key)
        const settled = new Set(shuffled.slice(0, settledCount).map(({ index }) => index))
        for (const { index } of shuffled.slice(0, settledCount)) settle[index]?.(tallyOf({ [outcomes[index] ?? '']: 1 }))
        const firstOpen = ids.findIndex((_, index) => !settled.has(index))
        const prefix = firstOpen === -1 ? ids.length : firstOpen
        expect(progress.cursor).toBe(ids[prefix - 1] ?? null)
        for (const name of ['observed', 'unknown', 'skipped'] as const) {
          expect(progress.tally[name]).toBe(outcomes.slice(0, prefix).filter((outcome) => outcome === name).length)
        }
      }),
    )
  })
})
