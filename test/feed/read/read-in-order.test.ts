import { describe, expect, it } from 'vitest'
import type { FeedRow } from '../../../src/feed/filter/value.ts'
import { LearnedDensity, UNITS } from '../../../src/feed/read/density.ts'
import { readInOrder } from '../../../src/feed/read/read-in-order.ts'
import type { Section } from '../../../src/feed/read/section.ts'
import type { SpanPage } from '../../../src/store/index.ts'
import { keyOf, numbers, placeOf } from './numbers.ts'

describe('reading in order', () => {
  it('meets the storage pages of every section and then its end, however many are read side by side', async () => {
    for (const atOnce of [0, 1, 3, 100]) {
      const steps: string[] = []
      for await (const step of readInOrder(numbers(10, 4, [3]).scan(), () => atOnce))
        steps.push(step.kind === 'sectionEnd' ? `end ${Number(step.end.row)}` : step.rows.map(({ n }) => n).join())
      expect(steps, `${atOnce}`).toEqual(['0,1,2', '3', 'end 4', '4,5,6', '7', 'end 8', '8,9', 'end 12'])
    }
  })

  it('teaches the density the rows of a section when that is read to its end, before the next one is cut', async () => {
    const density = new LearnedDensity(1)
    const known: number[] = []
    async function* pages(): AsyncGenerator<SpanPage<FeedRow>> {
      yield { rows: [], scanned: 30, end: placeOf({ n: 1 }) }
      yield { rows: [], scanned: 20, end: placeOf({ n: 2 }) }
    }
    function* sections(): Generator<Section> {
      const span = { from: { partition: '', row: keyOf(0) }, to: { partition: '', row: keyOf(9) } }
      for (const units of [UNITS / 4, undefined, UNITS / 2]) {
        known.push(density.rowsInAll)
        yield { span, pages, ...(units !== undefined && { units }) }
      }
      known.push(density.rowsInAll)
    }
    for await (const _ of readInOrder({ sections: sections(), density }, () => 1)) {
      // Only what is learned matters.
    }
    expect(known).toEqual([1, 200, 200, Math.round(100 / 0.75)])
  })
})
