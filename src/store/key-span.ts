import { odata } from '@azure/data-tables'
import type { StoredRow } from './stored-row.ts'

/** A place in a table's key order: at a row, or right behind it. An empty `row` is the beginning of the partition. */
export interface Place {
  partition: string
  row: string
  /** The row itself is done with: the place is right behind it. */
  done?: boolean | undefined
}

/** A stretch of a table in key order, from a place up to another one, exclusive. */
export interface KeySpan {
  from: Place
  to: Place
}

/** A page of a span. */
export interface SpanPage<T> {
  rows: T[]
  /** Rows that the service sent, whether they are among `rows` or not. */
  scanned: number
  /** Behind the last of them; undefined for an empty page, which may be followed by others. */
  end: Place | undefined
}

/**
 * The filters that read a span, one after the other. There are up to three, since one filter with `or` between ranges of keys makes the
 * service scan the table. https://learn.microsoft.com/azure/storage/tables/table-storage-design-for-query
 */
export function spanFilters({ from, to }: KeySpan): string[] {
  const isCut = from.row !== '' || from.done === true
  const rowFrom = isCut ? (from.done === true ? odata` and RowKey gt ${from.row}` : odata` and RowKey ge ${from.row}`) : ''
  const rowTo = to.row === '' ? '' : odata` and RowKey lt ${to.row}`
  if (from.partition === to.partition) return to.row === '' ? [] : [odata`PartitionKey eq ${from.partition}` + rowFrom + rowTo]
  if (from.partition > to.partition) return []
  const first = isCut ? [odata`PartitionKey eq ${from.partition}` + rowFrom] : []
  const begin = isCut ? odata`PartitionKey gt ${from.partition}` : odata`PartitionKey ge ${from.partition}`
  const last = to.row === '' ? [] : [odata`PartitionKey eq ${to.partition}` + rowTo]
  return [...first, begin + odata` and PartitionKey lt ${to.partition}`, ...last]
}

/** A page of stored rows as a page of a span; rows that `decode` has nothing for are left out. `partitionOf` undoes the partition key. */
export function toSpanPage<T>(
  page: readonly StoredRow[],
  partitionOf: (key: string) => string,
  decode: (stored: StoredRow) => T | undefined,
): SpanPage<T> {
  const last = page.at(-1)
  const end = last && { partition: partitionOf(last.partitionKey), row: last.rowKey, done: true }
  return { rows: page.map(decode).filter((row) => row !== undefined), scanned: page.length, end }
}
