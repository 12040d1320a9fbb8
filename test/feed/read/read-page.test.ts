import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeedRow } from '../../../src/feed/filter/value.ts'
import { FEED_POLICY } from '../../../src/feed/read/policy.ts'
import type { PageRequest } from '../../../src/feed/read/page-so-far.ts'
import { readPage } from '../../../src/feed/read/read-page.ts'
import type { Section } from '../../../src/feed/read/section.ts'
import type { Place, SpanPage } from '../../../src/store/index.ts'
import { keyOf, numbers, placeOf } from './numbers.ts'

const ALL = { test: () => true, placeOf, takesAll: true, skip: 0, top: Infinity, pageRows: 5_000, isExact: false }

/** A scan whose sections are read in another way. */
function scanWith(source: ReturnType<typeof numbers>, pages: Section['pages']) {
  const { sections, density } = source.scan()
  return { sections: [...sections].map((section) => ({ ...section, pages })), density }
}

async function readAllPages(source: ReturnType<typeof numbers>, request: PageRequest) {
  const pages: number[][] = []
  let { skip, top } = request
  for (let place: Place | undefined, more = true; more;) {
    const { rows, next } = await readPage(source.scan(place), { ...request, skip, top })
    pages.push(rows.map(({ n }) => Number(n)))
    if (pages.length > 5_000) throw new Error('The pages do not end.')
    more = next !== undefined
    if (next) ({ place, skip, top } = next)
  }
  return pages
}

describe('pages', () => {
  it('make up every matching row once and in order, whatever the pages of the storage, the skip, the top and the size', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }).filter((some) => some.some((size) => size > 0))
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          rows: fc.integer({ min: 0, max: 60 }),
          section: fc.integer({ min: 1, max: 25 }),
          sizes,
          every: fc.integer({ min: 1, max: 7 }),
          skip: fc.integer({ min: 0, max: 30 }),
          top: fc.option(fc.integer({ min: 0, max: 40 }), { nil: Infinity }),
          pageRows: fc.integer({ min: 1, max: 20 }),
          isExact: fc.boolean(),
        }),
        async ({ rows, section, sizes, every, skip, top, pageRows, isExact }) => {
          const test = ({ n }: FeedRow) => Number(n) % every === 0
          const pages = await readAllPages(numbers(rows, section, sizes), {
            ...ALL,
            test,
            takesAll: every === 1,
            skip,
            top,
            pageRows,
            isExact,
          })
          const expected = Array.from({ length: rows }, (_, n) => n)
            .filter((n) => test({ n }))
            .slice(skip, skip + top)
          expect(pages.flat()).toEqual(expected)
          if (isExact) expect(Math.max(0, ...pages.map(({ length }) => length))).toBeLessThanOrEqual(pageRows)
          if (isExact) expect(pages.length).toBe(Math.max(1, Math.ceil(expected.length / pageRows)))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('look at a bounded number of rows, though the filter takes none of millions', async () => {
    const source = numbers(1_000_000, 1_000)
    const { rows, next } = await readPage(source.scan(), { ...ALL, test: () => false, takesAll: false })
    expect(rows).toEqual([])
    expect(next?.place).toEqual({ partition: '', row: keyOf(FEED_POLICY.scannedRows - 1), done: true })
    // What was read ahead comes on top.
    expect(source.read.rows).toBeLessThanOrEqual(FEED_POLICY.scannedRows + (FEED_POLICY.sectionsAtOnce + 1) * 1_000)
  })

  it('make a bounded number of requests, though each brings one row', async () => {
    const source = numbers(100_000, 1)
    const { next } = await readPage(source.scan(), { ...ALL, test: () => false, takesAll: false })
    expect(next).toBeDefined()
    expect(source.read.pages).toBeLessThanOrEqual(FEED_POLICY.requestsPerPage + FEED_POLICY.sectionsAtOnce)
  })

  it('read hardly more than they show: a page ends where a storage page does, and little is read ahead', async () => {
    const source = numbers(200_000, FEED_POLICY.sectionRows)
    const pages = await readAllPages(source, ALL)
    expect(new Set(pages.slice(0, -1).map(({ length }) => length))).toEqual(new Set([6 * FEED_POLICY.sectionRows]))
    expect(source.read.rows).toBeLessThan(200_000 * 1.02)
  })

  it('read side by side what they will show', async () => {
    let underWay = 0
    let most = 0
    async function* pages({ from }: { from: Place }): AsyncGenerator<SpanPage<FeedRow>> {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
      underWay -= 1
      const rows = Array.from({ length: 1_000 }, (_, index) => ({ n: Number(from.row) + index }))
      yield { rows, scanned: 1_000, end: { partition: '', row: keyOf(Number(from.row) + 999), done: true } }
    }
    const { rows } = await readPage(scanWith(numbers(50_000, 1_000), pages), ALL)
    expect(rows.length).toBe(5_000)
    expect(most).toBe(6)
  })

  it('fail when the storage fails', async () => {
    async function* pages(): AsyncGenerator<SpanPage<FeedRow>> {
      yield await Promise.reject(new Error('storage'))
    }
    await expect(readPage(scanWith(numbers(3_000, 1_000), pages), ALL)).rejects.toThrow('storage')
  })
})
