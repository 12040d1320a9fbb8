import { FeedError } from './feed-error.ts'
import { bindFilter } from './filter/bind-filter.ts'
import type { FeedRow } from './filter/value.ts'
import type { Expression } from './filter/expression.ts'
import type { Preferences } from './preferences.ts'
import { type OptionTexts, readRowsQuery, type RowsQuery } from './query-options.ts'
import { FEED_POLICY } from './read/policy.ts'
import { readAll } from './read/read-all.ts'
import { readPage } from './read/read-page.ts'
import { isSortedBy } from './read/sort-rows.ts'
import { sortedPage } from './read/sorted-page.ts'
import { type FeedSet, type OpenSet, openScan, openSet, type Subject } from './sets/index.ts'
import { decodeSkipToken, encodeSkipToken, type SkipToken, tokenScope } from './skip-token.ts'

export interface RowsAnswer {
  rows: readonly FeedRow[]
  select: readonly string[] | undefined
  count: number | undefined
  /** The token of the next page. */
  next: string | undefined
}

/**
 * The rows that a request for a set asks for, or its page of them: what is asked for and from where on, then the page, then the token of
 * the next one. A set's rows come in the order of its keys; only another order has to be sorted.
 */
export async function answerRows(subject: Subject, feedSet: FeedSet, options: OptionTexts, preferences: Preferences): Promise<RowsAnswer> {
  const query = readRowsQuery(options, feedSet.set, nowMsOf(subject))
  const scope = tokenScope(subject.kind === 'tenant' ? subject.opened.tenantId : (subject.tenantId ?? ''), feedSet.set.name, options)
  const token = decodeSkipToken(options.get('$skiptoken'), scope)
  const test = testOf(query.filter, feedSet)
  const opened = await openSet(feedSet, subject, token?.pin)
  const start = { ...(token ?? firstPageStart(query)), ...(preferences.pageRows && { pageRows: preferences.pageRows }) }
  const isInOrder = query.orderBy.length === 0 || isSortedBy(query.orderBy, feedSet.sortedBy)
  const { rows, count, next } = await (isInOrder ? pageInOrder : pageOfSorted)({ opened, query, test }, start)
  return { rows, select: query.select, count, next: next && encodeSkipToken(next, scope) }
}

/** What the pages of an answer are read from, and for what. */
interface RowsRequest {
  opened: OpenSet
  query: RowsQuery
  test: (row: FeedRow) => boolean
}

/** Where a page starts: what a token says, of which most is missing before the first page. */
type PageStart = Omit<SkipToken, 'pin' | 'place'> & Partial<Pick<SkipToken, 'place'>>

const firstPageStart = ({ skip, top }: RowsQuery): PageStart => ({ skip, ...(Number.isFinite(top) && { top }) })

interface CountedPage {
  rows: readonly FeedRow[]
  count: number | undefined
  next: SkipToken | undefined
}

/** A page of rows in the set's own order: it is read from where it starts up to where it is full. */
async function pageInOrder({ opened, query, test }: RowsRequest, start: PageStart): Promise<CountedPage> {
  const { filter } = query
  const { skip, top = Infinity, pageRows = FEED_POLICY.pageRows } = start
  const count = start.count ?? (query.count ? await countRows(opened, filter) : undefined)
  const scan = await openScan(opened, filter, start)
  const { rows, next } = await readPage(scan, {
    test,
    placeOf: (row) => opened.placeOf(row),
    takesAll: filter === undefined,
    skip,
    top,
    pageRows,
    isExact: start.pageRows !== undefined,
  })
  return { rows, count, next: next && { ...nextToken(start, opened, count, next), size: scan.density.rowsInAll } }
}

/** A page of rows in another order than the set's. Which come first is known only when all are read, so every page reads and sorts them anew. */
async function pageOfSorted({ opened, query, test }: RowsRequest, start: PageStart): Promise<CountedPage> {
  const { place, rank, skip, top = Infinity, pageRows = FEED_POLICY.longestPage } = start
  const all: FeedRow[] = []
  for await (const row of readAll(await openScan(opened, query.filter), test, 'Sorting')) all.push(row)
  const { rows, next } = sortedPage(all, {
    orderBy: query.orderBy,
    placeOf: (row) => opened.placeOf(row),
    after: place && rank && { place, sortValues: rank },
    skip,
    top,
    pageRows,
  })
  const count = start.count ?? (query.count ? all.length : undefined)
  return { rows, count, next: next && { ...nextToken(start, opened, count, { ...next, skip: 0 }), rank: [...next.sortValues] } }
}

/** The token of the page behind one: what that one started with, and where it ended. */
function nextToken(
  start: PageStart,
  { asOfSnapshotId }: OpenSet,
  count: number | undefined,
  { place, skip, top }: Pick<SkipToken, 'place' | 'skip'> & { top: number },
): SkipToken {
  return { ...start, pin: asOfSnapshotId, place, skip, ...(count !== undefined && { count }), ...(Number.isFinite(top) && { top }) }
}

/** How many rows a filter takes; 501 where counting them means to look at too many. */
export async function countRows(opened: OpenSet, filter: Expression | undefined): Promise<number> {
  let count = 0
  for await (const _ of readAll(await openScan(opened, filter), testOf(filter, opened), 'Counting')) count += 1
  return count
}

/** The row that a key's filter takes; a 404 if there is none. */
export async function requireRow(subject: Subject, { feedSet, filter }: { feedSet: FeedSet; filter: Expression }): Promise<FeedRow> {
  const opened = await openSet(feedSet, subject)
  for await (const row of readAll(await openScan(opened, filter), testOf(filter, feedSet), 'Addressing')) return row
  throw new FeedError('NotFound', `There is no such row of ${feedSet.set.name}.`)
}

/** The instant by which a request is answered. */
export const nowMsOf = (subject: Subject): number => (subject.kind === 'tenant' ? subject.opened : subject.services).outside.clock.now()

function testOf(filter: Expression | undefined, { set }: Pick<FeedSet, 'set'>): (row: FeedRow) => boolean {
  return filter ? bindFilter(filter, set) : () => true
}
