import type { Place } from '../../store/index.ts'
import type { FeedRow } from '../filter/bind-filter.ts'
import { inOrder, isRequest } from './in-order.ts'
import { FEED_POLICY } from './policy.ts'
import type { Section } from './section.ts'

export interface PageRequest {
  sections: Iterable<Section>
  test: (row: FeedRow) => boolean
  /** Right behind a row. */
  placeOf: (row: FeedRow) => Place
  /** Whether `test` takes every row: how far to read ahead. */
  takesAll: boolean
  /** Matching rows to leave out first. */
  skip: number
  /** Matching rows still wanted in all; Infinity for every one. */
  top: number
  /** Rows of a page; `isExact`: not one more. */
  pageRows: number
  isExact: boolean
}

export interface ReadPage {
  rows: FeedRow[]
  /** Where the next page begins, and what is left to skip and to take; undefined when all is read. */
  next?: { place: Place; skip: number; top: number }
}

/** What reading has come to. */
interface Progress {
  scanned: number
  matched: number
  pages: number
}

/**
 * Reads one page. It ends when it is full, or when so much was looked at that it must end, empty perhaps. Unless `isExact`, it ends where
 * a storage page does, so that nothing is read twice.
 */
export async function readPage(request: PageRequest): Promise<ReadPage> {
  const rows: FeedRow[] = []
  const progress: Progress = { scanned: 0, matched: 0, pages: 0 }
  let skip = request.skip
  const limit = Math.min(request.top, request.isExact ? request.pageRows : Infinity)
  if (limit === 0) return { rows }
  const sections = request.sections[Symbol.iterator]()
  for await (const page of inOrder(sections, () => sectionsWanted(request, skip, progress))) {
    progress.scanned += page.scanned
    progress.pages += Number(isRequest(page))
    for (const row of page.rows) {
      if (!request.test(row)) continue
      progress.matched += 1
      if (skip > 0) skip -= 1
      else if (rows.length < limit) rows.push(row)
      // One more than fits: there is a next page, unless no more are wanted.
      else return rows.length >= request.top ? { rows } : { rows, next: nextAfter(request, rows) }
    }
    if (rows.length >= request.top) return { rows }
    if (page.end && isFull(request, rows, progress)) {
      return { rows, next: { place: page.end, skip, top: request.top - rows.length } }
    }
  }
  return { rows }
}

function nextAfter({ placeOf, top }: PageRequest, rows: readonly FeedRow[]) {
  const last = rows.at(-1)
  if (!last) throw new RangeError('a page without a row was full')
  return { place: placeOf(last), skip: 0, top: top - rows.length }
}

function isFull(request: PageRequest, rows: readonly FeedRow[], { scanned, pages }: Progress): boolean {
  // An exact page goes on until it sees a row too many: only then it is known that there is a next one.
  const isFilled = rows.length >= request.pageRows && !request.isExact
  return isFilled || scanned >= FEED_POLICY.scannedRows || pages >= FEED_POLICY.scannedPages
}

/**
 * Sections to have under way: as many as bring the rows that are still wanted, and no more, by what the filter has let through and what
 * a request has brought so far.
 */
function sectionsWanted(request: PageRequest, skip: number, { scanned, matched, pages }: Progress): number {
  const wanted = Math.min(request.top, request.pageRows) + skip - matched
  const share = request.takesAll ? 1 : (matched + 1) / (scanned + 8)
  const toScan = Math.min(wanted / share, FEED_POLICY.scannedRows - scanned)
  const rowsOfRequest = Math.max(FEED_POLICY.sectionRows, scanned / Math.max(1, pages))
  return Math.max(1, Math.min(FEED_POLICY.sectionsAtOnce, Math.ceil(toScan / rowsOfRequest)))
}
