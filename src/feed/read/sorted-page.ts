import { FeedError } from '../feed-error.ts'
import type { FeedRow, FeedValue } from '../filter/value.ts'
import type { Place } from '../../store/index.ts'
import { compareSortValues, sortValuesOf, type SortKey, sortRows } from './sort-rows.ts'
import { comparePlaces } from './section.ts'

/** Where a page of sorted rows ends: at what its last row is sorted by, and among equal ones at its place. */
export interface SortedPlace {
  sortValues: readonly FeedValue[]
  place: Place
}

export interface SortedPageRequest {
  orderBy: readonly SortKey[]
  /** Right behind a row. */
  placeOf: (row: FeedRow) => Place
  /** The end of the page before. */
  after: SortedPlace | undefined
  skip: number
  /** Rows still wanted in all; Infinity for every one. */
  top: number
  pageRows: number
}

/**
 * One page of rows, given all of them in key order. It begins behind a row, not at a number: a row of a set without history that is
 * written between two pages moves no other one.
 */
export function sortedPage(all: readonly FeedRow[], request: SortedPageRequest): { rows: FeedRow[]; next?: SortedPlace & { top: number } } {
  const { orderBy, placeOf, after, skip, top, pageRows } = request
  const left = after ? all.filter((row) => isBehind(row, after, request)) : all
  const wanted = sortRows(left, orderBy).slice(skip, skip + top)
  const rows = wanted.slice(0, pageRows)
  const last = rows.at(-1)
  if (!last || rows.length === wanted.length) return { rows }
  return { rows, next: { sortValues: sortValuesForLink(last, orderBy), place: placeOf(last), top: top - rows.length } }
}

function isBehind(row: FeedRow, after: SortedPlace, { orderBy, placeOf }: SortedPageRequest): boolean {
  const order = compareSortValues(sortValuesOf(row, orderBy), after.sortValues, orderBy)
  return order === 0 ? comparePlaces(placeOf(row), after.place) > 0 : order > 0
}

/** Characters of sort values that a link has room for: some servers and proxies take no more than 8 KB of address. */
const LONGEST_SORT_VALUES = 2_000

function sortValuesForLink(row: FeedRow, orderBy: readonly SortKey[]): FeedValue[] {
  const values = sortValuesOf(row, orderBy)
  if (JSON.stringify(values).length <= LONGEST_SORT_VALUES) return values
  throw new FeedError(
    'TooManyRows',
    'The texts that $orderby names are too long to go on behind a page of them; narrow the request to one page, or order by other properties.',
  )
}
