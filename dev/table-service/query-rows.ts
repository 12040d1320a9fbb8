import type { Behaviour } from './behaviour.ts'
import type { Filter } from './filter.ts'
import { matches } from './filter-match.ts'
import { type Bounds, keyRangeOf } from './key-range.ts'
import { LIMITS } from './limits.ts'
import { keysOf, type Row } from './row.ts'
import type { SortedMap } from './sorted-map.ts'

export interface Query {
  filter: Filter | undefined
  /** Rows a page may hold. */
  top: number
  /** Where the page before ended. */
  continueFrom: string | undefined
}

export interface Page {
  rows: { key: string; row: Row }[]
  scanned: number
  /** The first key not looked at, where there may be more. */
  nextKey: string | undefined
}

/**
 * One page: rows of the filter's key range that match it, in key order, until the page is full, has looked at enough, or a partition ends.
 * https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination
 */
export function queryRows(rows: SortedMap<Row>, query: Query, behaviour: Behaviour): Page {
  const { from, to } = rangeOf(query)
  const pageRows = Math.min(query.top, LIMITS.pageRows)
  const scanLimit = behaviour.scannedRowsPerPage || Infinity
  const page: Page = { rows: [], scanned: 0, nextKey: undefined }
  let partitionKey: string | undefined
  rows.scan(from, (key, row) => {
    if (to !== undefined && key >= to) return false
    if (page.rows.length >= pageRows || page.scanned >= scanLimit || (behaviour.pageEndsAtPartition && leaves(key))) {
      page.nextKey = key
      return false
    }
    page.scanned++
    if (!query.filter || matches(query.filter, key, row)) page.rows.push({ key, row })
    return true
  })
  return page

  function leaves(key: string): boolean {
    const next = keysOf(key).partitionKey
    const left = partitionKey !== undefined && partitionKey !== next
    partitionKey = next
    return left
  }
}

/** The keys of the filter that earlier pages have left. */
function rangeOf({ filter, continueFrom }: Query): Bounds {
  const { from, to } = keyRangeOf(filter)
  return { from: continueFrom !== undefined && continueFrom > from ? continueFrom : from, to }
}

/** A page with nothing in it that goes on from where it began; undefined where there is no key to go on from. */
export function emptyPage(rows: SortedMap<Row>, query: Query): Page | undefined {
  const { from, to } = rangeOf(query)
  let first: string | undefined
  rows.scan(from, (key) => {
    if (to === undefined || key < to) first = key
    return false
  })
  return first === undefined ? undefined : { rows: [], scanned: 0, nextKey: first }
}
