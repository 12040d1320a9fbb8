import type { Batch } from '../history/batch.ts'

/** Rows of an answer, and where the next one begins; undefined on the last. */
export interface Page<Row, Position> {
  rows: Row[]
  stoppedAt?: Position
}

/** How a page ends. */
interface PageEnd<Row, Position> {
  /** At most so many rows. */
  limit: number
  /** When so much was looked at, however few rows were found. */
  lookAtMost: number
  positionOf: (row: Row) => Position
}

/** The first rows of batches. Reads no batch beyond those that it needs. */
export async function takePage<Row, Position>(
  batches: AsyncIterable<Batch<Row, Position>>,
  { limit, lookAtMost, positionOf }: PageEnd<Row, Position>,
): Promise<Page<Row, Position>> {
  const rows: Row[] = []
  let looked = 0
  for await (const batch of batches) {
    for (const row of batch.rows.slice(0, limit + 1 - rows.length)) rows.push(row)
    const last = rows[limit - 1]
    if (rows.length > limit && last !== undefined) return { rows: rows.slice(0, limit), stoppedAt: positionOf(last) }
    looked += batch.looked
    if (looked >= lookAtMost && batch.at !== undefined) return { rows, stoppedAt: batch.at }
  }
  return { rows }
}

/** Rows to ask a table for at once, so that a page of `limit` and the look at what follows take as few requests as can be. */
export const pageSizeOf = (limit: number) => Math.min(1000, limit + 1)
