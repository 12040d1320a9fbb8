import type { Place, SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import { estimatedFilterShare } from './filter-share.ts'
import { FEED_POLICY } from './policy.ts'

export interface PageRequest {
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

/** A page of an answer. */
export interface AnswerPage {
  rows: readonly FeedRow[]
  /** Where the next page begins, and what is left to skip and to take; undefined when all is read. */
  next?: { place: Place; skip: number; top: number }
}

/** What a page has come to while it is read. */
export interface PageSoFar {
  readonly rows: readonly FeedRow[]
  /** Matching rows still to be left out. */
  readonly skip: number
  /** Whether a matching row was seen that no longer fits. */
  readonly isOverfull: boolean
  /** Rows looked at, those of them that matched, and the requests to the storage that brought them. */
  readonly scanned: number
  readonly matched: number
  readonly requests: number
}

export const emptyPage = ({ skip }: PageRequest): PageSoFar => ({ rows: [], skip, isOverfull: false, scanned: 0, matched: 0, requests: 0 })

/** What a page comes to by one more storage page. */
export function afterStoragePage(page: PageSoFar, { rows, scanned }: SpanPage<FeedRow>, request: PageRequest): PageSoFar {
  const matching = rows.filter((row) => request.test(row))
  const wanted = matching.slice(page.skip)
  const room = Math.min(request.top, request.isExact ? request.pageRows : Infinity) - page.rows.length
  return {
    rows: [...page.rows, ...wanted.slice(0, room)],
    skip: Math.max(0, page.skip - matching.length),
    isOverfull: page.isOverfull || wanted.length > room,
    scanned: page.scanned + scanned,
    matched: page.matched + matching.length,
    requests: page.requests + 1,
  }
}

/**
 * The page, if it ends here; undefined if it goes on. Everything up to `readUpTo` was read; it is undefined where that cannot be told, and
 * so no page ends there.
 */
export function endedPage(page: PageSoFar, request: PageRequest, readUpTo: Place | undefined): AnswerPage | undefined {
  const { rows, skip } = page
  if (rows.length >= request.top) return { rows }
  const place = page.isOverfull ? behindLast(page, request) : isFull(page, request) ? readUpTo : undefined
  return place && { rows, next: { place, skip, top: request.top - rows.length } }
}

/** A row too many is read again by the next page. */
function behindLast({ rows }: PageSoFar, { placeOf }: PageRequest): Place | undefined {
  const last = rows.at(-1)
  return last && placeOf(last)
}

/** Whether a page has rows enough, or so much was looked at for it that it must end, empty perhaps. */
function isFull({ rows, scanned, requests }: PageSoFar, { pageRows, isExact }: PageRequest): boolean {
  // An exact page goes on until it sees a row too many: only then it is known that there is a next one.
  const isFilled = rows.length >= pageRows && !isExact
  return isFilled || scanned >= FEED_POLICY.scannedRows || requests >= FEED_POLICY.requestsPerPage
}

/**
 * Sections to have under way: as many as bring the rows that are still wanted, and no more, by what the filter has let through and what
 * a request has brought so far.
 */
export function sectionsWanted({ skip, scanned, matched, requests }: PageSoFar, request: PageRequest): number {
  // What was left out counts as brought: behind a long `$skip` less is read side by side.
  const rowsWanted = Math.min(request.top, request.pageRows) + skip - matched
  const share = request.takesAll ? 1 : estimatedFilterShare({ scanned, matched })
  const rowsToScan = Math.min(rowsWanted / share, FEED_POLICY.scannedRows - scanned)
  const rowsOfRequest = Math.max(FEED_POLICY.sectionRows, scanned / Math.max(1, requests))
  return Math.max(1, Math.min(FEED_POLICY.sectionsAtOnce, Math.ceil(rowsToScan / rowsOfRequest)))
}
