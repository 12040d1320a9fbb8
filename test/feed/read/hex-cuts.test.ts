import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LearnedDensity, UNITS } from '../../../src/feed/read/density.ts'
import { hexCuts } from '../../../src/feed/read/hex-cuts.ts'
import { FEED_POLICY } from '../../../src/feed/read/policy.ts'
import { LAST_KEY } from '../../../src/store/index.ts'

/** Machine ids, and what else might be one. */
const id = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 1, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'0AFZafz-._'), minLength: 1, maxLength: 6 }),
)

describe('hex cuts', () => {
  it('hold every id from the first to the last in exactly one cut, in order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400_000 }),
        fc.option(id, { nil: undefined }),
        fc.option(id, { nil: undefined }),
        fc.array(id),
        (rows, from, to, ids) => {
          const cuts = [...hexCuts(new LearnedDensity(rows), from, to)]
          const start = from ?? ''
          const end = to ?? LAST_KEY
          expect(cuts.map((cut) => cut.from)).toEqual(start < end ? [start, ...cuts.slice(0, -1).map((cut) => cut.to)] : [])
          if (start < end) expect(cuts.at(-1)?.to).toBe(end)
          for (const one of ids) {
            expect(cuts.filter((cut) => one >= cut.from && one < cut.to).length).toBe(one >= start && one < end ? 1 : 0)
          }
        },
      ),
    )
  })

  it('hold about a storage page of rows each', () => {
    for (const rows of [1, 900, 5_000, 123_456, 3_000_000]) {
      const cuts = [...hexCuts(new LearnedDensity(rows))].length
      expect(cuts).toBeGreaterThanOrEqual(rows / FEED_POLICY.sectionRows)
      expect(cuts).toBeLessThanOrEqual(Math.max(1, (rows / FEED_POLICY.sectionRows) * 1.1 + 1))
    }
  })

  it('follow the density that is seen', () => {
    const density = new LearnedDensity(10 * FEED_POLICY.sectionRows)
    const widths: number[] = []
    for (const { units } of hexCuts(density)) {
      widths.push(units)
      // There are ten times as many as was guessed.
      density.learn(Math.round((units / UNITS) * 100 * FEED_POLICY.sectionRows), units)
    }
    expect(Math.round(UNITS / (widths[0] ?? 0))).toBe(10)
    expect(Math.round(UNITS / (widths[1] ?? 0))).toBe(100)
    expect(density.rowsInAll / (100 * FEED_POLICY.sectionRows)).toBeCloseTo(1, 2)
  })
})
