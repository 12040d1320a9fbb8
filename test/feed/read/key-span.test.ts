import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesFilter } from './matches-filter.ts'
import { comparePlaces } from '../../../src/feed/read/section.ts'
import { type Place, spanFilters } from '../../../src/store/key-span.ts'

const partition = fc.constantFrom('', 'a', 'ab', 'b', 'c|1', "d'", 'e')
const row = fc.constantFrom('', '1', '12', '2', "3'", 'x|y')
const place: fc.Arbitrary<Place> = fc.record({ partition, row, done: fc.boolean() })

describe('the filters of a span', () => {
  it('take every row from its beginning up to its end once, and in order', () => {
    fc.assert(
      fc.property(place, fc.record({ partition, row }), fc.array(fc.record({ partition, row })), (from, to, rows) => {
        const filters = spanFilters({ from, to })
        for (const one of rows) {
          const inSpan = comparePlaces({ ...one, done: true }, from) > 0 && comparePlaces(one, to) < 0
          expect(filters.filter((filter) => matchesFilter(filter, one)).length, `${JSON.stringify(one)} ${filters.join(' ; ')}`).toBe(
            inSpan ? 1 : 0,
          )
        }
        const order = [...rows]
          .sort(comparePlaces)
          .flatMap((one) => filters.flatMap((filter, index) => (matchesFilter(filter, one) ? [index] : [])))
        expect(order).toEqual(order.toSorted())
      }),
      { numRuns: 2_000 },
    )
  })

  it('never join ranges by or, which would scan the table', () => {
    fc.assert(
      fc.property(place, fc.record({ partition, row }), (from, to) => {
        for (const filter of spanFilters({ from, to })) expect(filter).toMatch(/^PartitionKey (eq|g[et]) '.*'/)
        for (const filter of spanFilters({ from, to })) expect(filter).not.toContain(' or ')
      }),
    )
  })
})
