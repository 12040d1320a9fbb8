import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeedRow } from '../../../src/feed/filter/value.ts'
import { sortRows } from '../../../src/feed/read/sort-rows.ts'
import { sortedPage, type SortedPageRequest } from '../../../src/feed/read/sorted-page.ts'
import { placeOf } from './numbers.ts'

const orderBy = [
  { property: 'a', isInstant: false, descending: true },
  { property: 'b', isInstant: false, descending: false },
]
const FIRST: SortedPageRequest = { orderBy, placeOf, after: undefined, skip: 0, top: Infinity, pageRows: 2 }

function* pagesOf(rowsOfPage: (page: number) => readonly FeedRow[], request: SortedPageRequest): Generator<readonly FeedRow[]> {
  let asked = request
  for (let page = 0; ; page++) {
    const { rows, next } = sortedPage(rowsOfPage(page), asked)
    yield rows
    if (!next) return
    asked = { ...asked, skip: 0, top: next.top, after: next }
  }
}

describe('pages of sorted rows', () => {
  it('make up the sorted rows once and in order, whatever is equal, left out or wanted', () => {
    const value = fc.option(fc.integer({ min: 0, max: 2 }))
    const rows = fc
      .array(fc.record({ a: value, b: value }), { maxLength: 30 })
      .map((some): FeedRow[] => some.map((row, n) => ({ ...row, n })))
    const sizes = fc.record({
      skip: fc.integer({ min: 0, max: 10 }),
      top: fc.option(fc.integer({ min: 0, max: 20 }), { nil: Infinity }),
      pageRows: fc.integer({ min: 1, max: 9 }),
    })
    fc.assert(
      fc.property(rows, sizes, (all, { skip, top, pageRows }) => {
        const pages = [...pagesOf(() => all, { ...FIRST, skip, top, pageRows })]
        const expected = sortRows(all, orderBy).slice(skip, skip + top)
        expect(pages.flat()).toEqual(expected)
        expect(pages.length).toBe(Math.max(1, Math.ceil(expected.length / pageRows)))
      }),
      { numRuns: 500 },
    )
  })

  it('neither lose nor repeat a row because of others that are written between them', () => {
    const rows = Array.from({ length: 12 }, (_, n): FeedRow => ({ a: n % 3, b: 0, n }))
    const written = (page: number): FeedRow[] =>
      page === 0 ? rows : [...rows.filter(({ n }) => n !== 11), { a: 3, b: 0, n: 12 }, { a: 2, b: -1, n: 13 }]
    const shown = [...pagesOf(written, FIRST)].flat().map(({ n }) => Number(n))
    // One row is gone, and two new ones would have been on the first page: all others are shown where they were.
    expect(shown).toEqual(
      sortRows(rows, orderBy)
        .map(({ n }) => Number(n))
        .filter((n) => n !== 11),
    )
  })

  it('end only where a link can say it', () => {
    const rows = ['x', 'y', 'z'].map((letter, n): FeedRow => ({ a: letter.repeat(3_000), b: 0, n }))
    expect(() => sortedPage(rows, FIRST)).toThrow(/too long/)
    expect(sortedPage(rows, { ...FIRST, pageRows: 3 }).rows).toHaveLength(3)
  })
})
