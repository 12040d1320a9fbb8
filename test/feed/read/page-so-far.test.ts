import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  afterStoragePage,
  emptyPage,
  endedPage,
  type PageRequest,
  type PageSoFar,
  sectionsWanted,
} from '../../../src/feed/read/page-so-far.ts'
import { FEED_POLICY } from '../../../src/feed/read/policy.ts'
import { keyOf, placeOf } from './numbers.ts'

const ALL: PageRequest = { test: () => true, placeOf, takesAll: true, skip: 0, top: Infinity, pageRows: 5_000, isExact: false }
const FILTERED: PageRequest = { ...ALL, test: ({ n }) => Number(n) % 3 === 0, takesAll: false }

const behind = (n: number) => ({ partition: '', row: keyOf(n), done: true })

/** A page after storage pages of so many numbered rows. */
function pageOf(request: PageRequest, sizes: readonly number[]): PageSoFar {
  let next = 0
  return sizes.reduce((page, size) => {
    const rows = Array.from({ length: size }, () => ({ n: next++ }))
    return afterStoragePage(page, { rows, scanned: size, end: behind(next - 1) }, request)
  }, emptyPage(request))
}

const anyRequest: fc.Arbitrary<PageRequest> = fc
  .record({
    skip: fc.integer({ min: 0, max: 40 }),
    top: fc.option(fc.integer({ min: 1, max: 60 }), { nil: Infinity }),
    pageRows: fc.integer({ min: 1, max: 40 }),
    isExact: fc.boolean(),
    base: fc.constantFrom(ALL, FILTERED),
  })
  .map(({ base, ...numbers }) => ({ ...base, ...numbers }))
const anySizes = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 8 })

describe('a page so far', () => {
  it('holds the matching rows behind those to skip, and no more than were asked for', () => {
    fc.assert(
      fc.property(anyRequest, anySizes, (request, sizes) => {
        const { skip, top, pageRows, isExact } = request
        const page = pageOf(request, sizes)
        const scanned = sizes.reduce((sum, size) => sum + size, 0)
        const matching = Array.from({ length: scanned }, (_, n) => ({ n })).filter(request.test)
        const most = Math.min(top, isExact ? pageRows : Infinity)
        expect(page).toEqual({
          rows: matching.slice(skip, skip + most),
          skip: Math.max(0, skip - matching.length),
          isOverfull: matching.length > skip + most,
          scanned,
          matched: matching.length,
          requests: sizes.length,
        })
      }),
    )
  })

  it('is left as it was by the step to the next one', () => {
    fc.assert(
      fc.property(anyRequest, anySizes, (request, sizes) => {
        const page = pageOf(request, sizes)
        const before = structuredClone(page)
        afterStoragePage(page, { rows: [{ n: 0 }, { n: 3 }], scanned: 2, end: undefined }, request)
        expect(page).toEqual(before)
      }),
    )
  })
})

describe('the end of a page', () => {
  const end = behind(99)

  it('has no next page when all that was wanted is there, though more was seen', () => {
    expect(endedPage(pageOf({ ...ALL, top: 3 }, [5]), { ...ALL, top: 3 }, end)).toEqual({ rows: [{ n: 0 }, { n: 1 }, { n: 2 }] })
  })

  it('comes where a storage page ends, once there are rows enough', () => {
    const request = { ...ALL, pageRows: 4, top: 50 }
    expect(endedPage(pageOf(request, [3]), request, end)).toBeUndefined()
    expect(endedPage(pageOf(request, [3, 3]), request, end)).toMatchObject({ next: { place: end, skip: 0, top: 44 } })
    expect(endedPage(pageOf(request, [3, 3]), request, undefined)).toBeUndefined()
  })

  it('of an exact one comes behind its last row, once a row too many was seen', () => {
    const request = { ...ALL, pageRows: 4, isExact: true }
    expect(endedPage(pageOf(request, [4]), request, end)).toBeUndefined()
    expect(endedPage(pageOf(request, [4, 3]), request, end)).toMatchObject({ next: { place: behind(3), skip: 0 } })
  })

  it('comes when the rows or the requests for one page are used up, and what is to be skipped is kept', () => {
    const request = { ...ALL, skip: FEED_POLICY.scannedRows * 2 }
    const spent = { ...emptyPage(request), skip: 7 }
    expect(
      endedPage({ ...spent, scanned: FEED_POLICY.scannedRows - 1, requests: FEED_POLICY.requestsPerPage - 1 }, request, end),
    ).toBeUndefined()
    for (const one of [{ scanned: FEED_POLICY.scannedRows }, { requests: FEED_POLICY.requestsPerPage }])
      expect(endedPage({ ...spent, ...one }, request, end)).toEqual({ rows: [], next: { place: end, skip: 7, top: Infinity } })
  })
})

describe('the sections wanted for a page', () => {
  const atFirst = (request: PageRequest) => sectionsWanted(emptyPage(request), request)

  it('are one at least, and never more than may be read side by side', () => {
    fc.assert(
      fc.property(anyRequest, anySizes, (request, sizes) => {
        const wanted = sectionsWanted(pageOf(request, sizes), request)
        expect(Number.isInteger(wanted)).toBe(true)
        expect(wanted).toBeGreaterThanOrEqual(1)
        expect(wanted).toBeLessThanOrEqual(FEED_POLICY.sectionsAtOnce)
      }),
    )
  })

  it('bring what is shown and no more, where every row is', () => {
    expect(atFirst({ ...ALL, top: FEED_POLICY.sectionRows })).toBe(1)
    expect(atFirst({ ...ALL, top: FEED_POLICY.sectionRows + 1 })).toBe(2)
    expect(atFirst(ALL)).toBe(6)
  })

  it('are at first all for a filtered page of the usual size, and one for a top of a hundred', () => {
    expect(atFirst({ ...FILTERED, pageRows: FEED_POLICY.pageRows })).toBe(FEED_POLICY.sectionsAtOnce)
    expect(atFirst({ ...FILTERED, top: 100 })).toBe(1)
  })

  it('follow what the filter lets through', () => {
    const page = { ...emptyPage(FILTERED), scanned: 2_000, requests: 2 }
    expect(sectionsWanted({ ...page, matched: 2_000 }, FILTERED)).toBe(4)
    expect(sectionsWanted({ ...page, matched: 0 }, FILTERED)).toBe(FEED_POLICY.sectionsAtOnce)
  })

  it('do not read beyond what may be looked at for one page', () => {
    const page = { ...emptyPage(FILTERED), scanned: FEED_POLICY.scannedRows - 1_500, requests: 58 }
    expect(sectionsWanted(page, FILTERED)).toBe(2)
  })
})
