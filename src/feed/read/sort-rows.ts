import type { FeedRow, FeedValue } from '../filter/value.ts'
import { instantKey } from '../instant.ts'

export interface SortKey {
  property: string
  /** An instant: its texts may differ in their digits, and so do not sort by time. */
  isInstant: boolean
  descending: boolean
}

/** Rows sorted by some properties; equal ones keep their order. null comes before everything, and last when descending. */
export function sortRows(rows: readonly FeedRow[], keys: readonly SortKey[]): FeedRow[] {
  return rows
    .map((row) => ({ row, values: sortValuesOf(row, keys) }))
    .sort((a, b) => compareSortValues(a.values, b.values, keys))
    .map(({ row }) => row)
}

/** What a row is sorted by: the values of the keys, instants as texts that sort by time. */
export function sortValuesOf(row: FeedRow, keys: readonly SortKey[]): FeedValue[] {
  return keys.map(({ property, isInstant }) => {
    const value = row[property] ?? null
    return isInstant && typeof value === 'string' ? (instantKey(value) ?? null) : value
  })
}

export function compareSortValues(a: readonly FeedValue[], b: readonly FeedValue[], keys: readonly SortKey[]): number {
  for (const [index, { descending }] of keys.entries()) {
    const order = compare(a[index] ?? null, b[index] ?? null)
    if (order !== 0) return descending ? -order : order
  }
  return 0
}

/** https://docs.oasis-open.org/odata/odata/v4.0/odata-v4.0-part1-protocol.html#_The_$orderby_System */
function compare(a: FeedValue, b: FeedValue): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? -1 : 1
  return a < b ? -1 : 1
}

/** Whether rows that come in one of these orders are sorted so already. */
export function isSortedBy(keys: readonly SortKey[], sortedBy: readonly (readonly string[])[]): boolean {
  return sortedBy.some(
    (order) => keys.length <= order.length && keys.every(({ property, descending }, index) => !descending && order[index] === property),
  )
}
