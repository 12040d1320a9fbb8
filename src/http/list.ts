import type { Batch } from '../history/batch.ts'

/** What a route that answers a list found, before it is known in which format and how far it is read. */
export interface List<Head, Row, Position> {
  /** What stands beside the rows in JSON. */
  head: Head
  /** The rows in order, from where the request says. `wanted`: about how many will be taken; Infinity for all. */
  read: (wanted: number) => AsyncIterable<Batch<Row, Position>>
  /** Where a page ends whose last row this is. */
  positionOf: (row: Row) => Position
  /** How much may be looked at for one page. Without a bound if left out. */
  lookAtMost?: number
  /** The most changes that have to be read for all rows, by what was counted; 0 where that is little. */
  changesToRead?: number
  /** Whether a column is one of these rows; all are if left out. */
  hasColumn?: (name: string) => boolean
  /** What a file with these rows is called: `diffs-20260606T020000Z-20260613T020000Z`. */
  fileName: string
}

/** A list that has no pages, of rows that are at hand. */
export function wholeList<Row>(rows: Row[]): Pick<List<unknown, Row, never>, 'read' | 'positionOf'> {
  return {
    async *read() {
      yield { rows, looked: rows.length }
    },
    positionOf() {
      throw new Error('a list without pages was taken in pages')
    },
  }
}
