/** Rows that were read together, in order. They may be few or none, and others still follow. */
export interface Batch<Row, Position> {
  rows: Row[]
  /** How much was looked at to find them. */
  looked: number
  /** The last place looked at; undefined if nothing was. */
  at?: Position | undefined
}

/** Pages of a table as batches, with each row as it is shown. */
export async function* toBatches<Row, Shown, Position>(
  pages: AsyncIterable<Row[]>,
  show: (row: Row) => Shown,
  positionOf: (row: Row) => Position,
): AsyncGenerator<Batch<Shown, Position>> {
  for await (const rows of pages) {
    const last = rows.at(-1)
    yield { rows: rows.map(show), looked: rows.length, at: last && positionOf(last) }
  }
}

/** Batches with each row, and each place, as it is shown. */
export async function* showBatches<Row, Shown, Place, Position>(
  batches: AsyncIterable<Batch<Row, Place>>,
  show: (row: Row) => Shown,
  positionOf: (place: Place) => Position,
): AsyncGenerator<Batch<Shown, Position>> {
  for await (const { rows, looked, at } of batches) {
    yield { rows: rows.map(show), looked, at: at === undefined ? undefined : positionOf(at) }
  }
}
