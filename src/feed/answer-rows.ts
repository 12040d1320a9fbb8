import type { OpenTenant } from '../open-tenant.ts'
import { bindFilter, type FeedRow } from './filter/bind-filter.ts'
import type { Expression } from './filter/expression.ts'
import type { Preferences } from './preferences.ts'
import { type OptionTexts, readRowsQuery, type RowsQuery } from './query-options.ts'
import { Density } from './read/hex-cuts.ts'
import { FEED_POLICY } from './read/policy.ts'
import { readAll } from './read/read-all.ts'
import { readPage } from './read/read-page.ts'
import { isSortedBy } from './read/sort-rows.ts'
import { sortedPage } from './read/sorted-page.ts'
import { resumeAt, type Section } from './read/section.ts'
import { type FeedSet, openView, type View } from './sets/index.ts'
import { decodeSkipToken, encodeSkipToken, type SkipToken, tokenScope } from './skip-token.ts'

export interface RowsAnswer {
  rows: readonly FeedRow[]
  select: readonly string[] | undefined
  count: number | undefined
  /** The token of the next page. */
  next: string | undefined
}

/** The rows that a request for a set asks for, or its page of them. */
export async function answerRows(
  opened: OpenTenant,
  feedSet: FeedSet,
  options: OptionTexts,
  preferences: Preferences,
): Promise<RowsAnswer> {
  const query = readRowsQuery(options, feedSet.set)
  const scope = tokenScope(opened.tenantId, feedSet.set.name, options)
  const token = decodeSkipToken(options.get('$skiptoken'), scope)
  const test = testOf(query.filter, feedSet)
  const view = await openView(opened, token?.pin)
  const begun: Begun = { ...(token ?? firstPage(query)), ...(preferences.pageRows && { pageRows: preferences.pageRows }) }
  const isInOrder = query.orderBy.length === 0 || isSortedBy(query.orderBy, feedSet.sortedBy)
  const { rows, count, next } = await (isInOrder ? pageInOrder : pageOfSorted)({ view, feedSet, query, test }, begun)
  return { rows, select: query.select, count, next: next && encodeSkipToken(next, scope) }
}

/** A request for rows, ready to be read. */
interface Reading {
  view: View
  feedSet: FeedSet
  query: RowsQuery
  test: (row: FeedRow) => boolean
}

interface Page {
  rows: readonly FeedRow[]
  count: number | undefined
  next: SkipToken | undefined
}

/** Where a page begins: a token's content, all of which is missing before the first page. */
type Begun = Omit<SkipToken, 'pin' | 'place'> & Partial<Pick<SkipToken, 'place'>>

const firstPage = ({ skip, top }: RowsQuery): Begun => ({ skip, ...(Number.isFinite(top) && { top }) })

async function pageInOrder({ view, feedSet, query, test }: Reading, begun: Begun): Promise<Page> {
  const { filter } = query
  const { place: from, skip, top = Infinity, pageRows = FEED_POLICY.pageRows, size = feedSet.sizeOf(view) } = begun
  const count = begun.count ?? (query.count ? await countRows(view, feedSet, filter) : undefined)
  const density = new Density(size)
  const { rows, next } = await readPage({
    sections: resumeAt(await feedSet.sections(view, { filter, from, density }), from),
    test,
    placeOf: (row) => feedSet.placeOf(row),
    takesAll: filter === undefined,
    skip,
    top,
    pageRows,
    isExact: begun.pageRows !== undefined,
  })
  return { rows, count, next: next && { ...tokenBehind(begun, view, count, next), size: density.rowsInAll } }
}

/** A page of rows in another order than the set's. Which come first is known only when all are read, so every page reads and sorts them anew. */
async function pageOfSorted({ view, feedSet, query, test }: Reading, begun: Begun): Promise<Page> {
  const { place, rank, skip, top = Infinity, pageRows = FEED_POLICY.longestPage } = begun
  const all: FeedRow[] = []
  for await (const row of readAll(await allSections(view, feedSet, query.filter), test, 'Sorting')) all.push(row)
  const after = place && rank && { place, sortValues: rank }
  const { rows, next } = sortedPage(all, { orderBy: query.orderBy, placeOf: (row) => feedSet.placeOf(row), after, skip, top, pageRows })
  const count = begun.count ?? (query.count ? all.length : undefined)
  return { rows, count, next: next && { ...tokenBehind(begun, view, count, { ...next, skip: 0 }), rank: [...next.sortValues] } }
}

/** The token of a next page. */
function tokenBehind(
  begun: Begun,
  { asOfSnapshotId }: View,
  count: number | undefined,
  { place, skip, top }: Pick<SkipToken, 'place' | 'skip'> & { top: number },
): SkipToken {
  return { ...begun, pin: asOfSnapshotId, place, skip, ...(count !== undefined && { count }), ...(Number.isFinite(top) && { top }) }
}

/** How many rows a filter takes; 501 where counting them means to look at too many. */
export async function countRows(view: View, feedSet: FeedSet, filter: Expression | undefined): Promise<number> {
  let count = 0
  for await (const _ of readAll(await allSections(view, feedSet, filter), testOf(filter, feedSet), 'Counting')) count += 1
  return count
}

/** The row that a key's filter takes; undefined if there is none. */
export async function findRow(view: View, feedSet: FeedSet, filter: Expression): Promise<FeedRow | undefined> {
  for await (const row of readAll(await allSections(view, feedSet, filter), testOf(filter, feedSet), 'Addressing')) return row
  return undefined
}

async function allSections(view: View, feedSet: FeedSet, filter: Expression | undefined): Promise<Iterable<Section>> {
  return feedSet.sections(view, { filter, from: undefined, density: new Density(feedSet.sizeOf(view)) })
}

function testOf(filter: Expression | undefined, { set }: FeedSet): (row: FeedRow) => boolean {
  return filter ? bindFilter(filter, set) : () => true
}
