import type { FeedRow, FeedValue } from '../filter/bind-filter.ts'
import { instantKey } from '../instant.ts'

export interface SortKey {
  property: string
  /** An instant: its texts may differ in their digits, and so do not sort by time. */
  isInstant: boolean
  descending: boolean
}

/** Rows sorted by some properties; equal ones keep their order. null comes before everything, and last when descending. */
export function sortRows(rows: readonly FeedRow[], keys: readonly SortKey[]): FeedRow[] {
  return rows.toSorted((a, b) => {
    for (const key of keys) {
      const order = compare(sortValue(a, key), sortValue(b, key))
      if (order !== 0) return key.descending ? -order : order
    }
    return 0
  })
}

function sortValue(row: FeedRow, { property, isInstant }: SortKey): FeedValue {
  const value = row[property] ?? null
  return isInstant && typeof value === 'string' ? (instantKey(value) ?? null) : value
}

/** https://docs.oasis-open.org/odata/odata/v4.0/odata-v4.0-part1-protocol.html#_The_$orderby_System */
function compare(a: FeedValue, b: FeedValue): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? -1 : 1
  return a < b ? -1 : 1
}

/** Whether rows that come in one of these orders are sorted so already. */
export function isSortedBy(keys: readonly SortKey[], sortedBy: readonly (readonly string[])[]): boolean {
  return sortedBy.some((order) => keys.length <= order.length && keys.every(({ property, descending }, index) => !descending && order[index] === property))
}
