import type { StoredRow } from './stored-row.ts'
import type { RowQuery, Table } from './table.ts'

/** The first rows of a query that can be read, at most so many: pages may be short, and rows unreadable. */
export async function firstRows<T>(table: Table, query: RowQuery, most: number, read: (stored: StoredRow) => T | undefined): Promise<T[]> {
  const found: T[] = []
  for await (const stored of table.rows({ ...query, pageSize: Math.min(1000, most) })) {
    const row = read(stored)
    if (row !== undefined) found.push(row)
    if (found.length >= most) break
  }
  return found
}
