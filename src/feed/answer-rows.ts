import type { Services } from '../program.ts'
import { FeedError } from './feed-error.ts'
import { bindFilter, type FeedRow } from './filter/bind-filter.ts'
import type { Expression } from './filter/expression.ts'
import type { Preferences } from './preferences.ts'
import { type OptionTexts, readRowsQuery, type RowsQuery } from './query-options.ts'
import { Density } from './read/hex-cuts.ts'
import { FEED_POLICY } from './read/policy.ts'
import { readAll } from './read/read-all.ts'
import { readPage } from './read/read-page.ts'
import { isSortedBy, sortRows } from './read/sort-rows.ts'
import { resumeAt, type Stretch } from './read/stretch.ts'
import type { FeedSet, View } from './sets/index.ts'
import { decodeSkipToken, encodeSkipToken, type SkipToken, tokenScope } from './skip-token.ts'

export interface RowsAnswer {
  rows: readonly FeedRow[]
  select: readonly string[] | undefined
  count: number | undefined
  /** The token of the next page. */
  next: string | undefined
}

/** The rows that a request for a set asks for, or its page of them. */
export async function answerRows(services: Services, feedSet: FeedSet, options: OptionTexts, preferences: Preferences): Promise<RowsAnswer> {
  const query = readRowsQuery(options, feedSet.set)
  const scope = tokenScope(services.config.defender.tenantId, feedSet.set.name, options)
  const token = decodeSkipToken(options.get('$skiptoken'), scope)
  const test = testOf(query.filter, feedSet)
  const view = await openView(services, token?.pin)
  const { select, orderBy } = query
  if (orderBy.length > 0 && !isSortedBy(orderBy, feedSet.sortedBy)) {
    return { ...(await sortedRows(view, feedSet, query, test)), select, next: undefined }
  }
  const begun = token ?? { ...firstPage(query), ...(query.count && { count: await countRows(view, feedSet, query.filter) }) }
  const { rows, next } = await pageOf(view, feedSet, query, test, { ...begun, ...(preferences.pageRows && { pageRows: preferences.pageRows }) })
  return { rows, select, count: begun.count, next: next && encodeSkipToken(next, scope) }
}

/** Where a page begins: a token's content, all of which is missing before the first page. */
type Begun = Omit<SkipToken, 'pin' | 'place'> & Partial<Pick<SkipToken, 'place'>>

const firstPage = ({ skip, top }: RowsQuery): Begun => ({ skip, ...(Number.isFinite(top) && { top }) })

async function pageOf(view: View, feedSet: FeedSet, { filter }: RowsQuery, test: (row: FeedRow) => boolean, begun: Begun) {
  const { place: from, skip, top = Infinity, pageRows = FEED_POLICY.pageRows, size = feedSet.sizeOf(view) } = begun
  const density = new Density(size)
  const { rows, next } = await readPage({
    stretches: resumeAt(await feedSet.stretches(view, { filter, from, density }), from),
    test,
    placeOf: (row) => feedSet.placeOf(row),
    takesAll: filter === undefined,
    skip,
    top,
    pageRows,
    isExact: begun.pageRows !== undefined,
  })
  if (!next) return { rows, next: undefined }
  const token: SkipToken = { ...begun, pin: view.pin, place: next.place, skip: next.skip, size: density.rowsInAll }
  return { rows, next: Number.isFinite(next.top) ? { ...token, top: next.top } : token }
}

/** How many rows a filter takes; 501 where counting them means to look at too many. */
export async function countRows(view: View, feedSet: FeedSet, filter: Expression | undefined): Promise<number> {
  let count = 0
  for await (const _ of readAll(await allStretches(view, feedSet, filter), testOf(filter, feedSet), 'Counting')) count += 1
  return count
}

/** The row that a key's filter takes; undefined if there is none. */
export async function findRow(view: View, feedSet: FeedSet, filter: Expression): Promise<FeedRow | undefined> {
  for await (const row of readAll(await allStretches(view, feedSet, filter), testOf(filter, feedSet), 'Addressing')) return row
  return undefined
}

/** All rows of a query in another order than the set's: one page, since the place of a row in it is known only when all are read. */
async function sortedRows(view: View, feedSet: FeedSet, query: RowsQuery, test: (row: FeedRow) => boolean) {
  const all: FeedRow[] = []
  for await (const row of readAll(await allStretches(view, feedSet, query.filter), test, 'Sorting')) all.push(row)
  const rows = sortRows(all, query.orderBy).slice(query.skip, query.skip + query.top)
  if (rows.length > FEED_POLICY.sortedRows) {
    throw new FeedError('TooManyRows', `Sorting is supported up to ${FEED_POLICY.sortedRows} rows of an answer; narrow it by $filter or $top.`)
  }
  return { rows, count: query.count ? all.length : undefined }
}

async function allStretches(view: View, feedSet: FeedSet, filter: Expression | undefined): Promise<Iterable<Stretch>> {
  return feedSet.stretches(view, { filter, from: undefined, density: new Density(feedSet.sizeOf(view)) })
}

function testOf(filter: Expression | undefined, { set }: FeedSet): (row: FeedRow) => boolean {
  return filter ? bindFilter(filter, set) : () => true
}

/** What is shown: all up to the newest ended snapshot, or up to the one that the first page was read at. */
export async function openView({ store, config }: Services, pinnedAt?: string): Promise<View> {
  const { tenantId } = config.defender
  const snapshot = async (snapshotId: string) => (snapshotId === '' ? undefined : store.snapshots.get(tenantId, snapshotId))
  const [read, pinned] = await Promise.all([store.tenants.get(tenantId), snapshot(pinnedAt ?? '')])
  const newest = read?.tenant.lastEndedSnapshotId ?? ''
  if (pinnedAt !== undefined && pinnedAt <= newest) return { store, tenantId, pin: pinnedAt, pinned }
  return { store, tenantId, pin: newest, pinned: await snapshot(newest) }
}
