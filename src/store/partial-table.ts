import { odata } from '@azure/data-tables'
import { type ColumnsOf, encodeValues, integer, text } from './columns.ts'
import { keyRange, rowKeys, type TenantKeys, trendPartitions } from './keys.ts'
import { fromPieces, LONGEST_TEXT_CHARACTERS, pieceColumns, type Pieces, NO_PIECES, toPieces } from './pieces.ts'
import type { RowFormat } from './read-row.ts'
import type { Table } from './table.ts'

/** What is counted in several slices. */
export const COUNTS_IN_SLICES = ['totals', 'derived', 'sample', 'counts'] as const
export type CountInSlices = (typeof COUNTS_IN_SLICES)[number]

interface PartialValues extends Pieces {
  /** Tells the rows of one writing from those of another. */
  written: string
  rows: number
}

const columns: ColumnsOf<PartialValues> = { ...pieceColumns, written: text, rows: integer }
const format: RowFormat<PartialValues> = { columns }

/** What has been counted when a slice ends before it is through: one text, in as many rows as it takes. Lost, all is counted anew. */
export class PartialTable {
  readonly #table: Table
  readonly #partitionKey: string

  constructor(table: Table, keys: TenantKeys) {
    this.#table = table
    this.#partitionKey = keys.partition(trendPartitions.partial)
  }

  /** The text that was written last; undefined where it was not written as a whole. */
  async read(what: CountInSlices): Promise<string | undefined> {
    const rows: PartialValues[] = []
    for await (const stored of this.#table.rows({ filter: this.#rowsOf(what) })) {
      const row = this.#table.read(format, stored)
      if (row) rows.push(row)
    }
    const [first] = rows
    if (!first) return undefined
    const whole = rows.slice(0, first.rows)
    const isWhole = whole.length === first.rows && whole.every(({ written }) => written === first.written)
    return isWhole ? whole.map(fromPieces).join('') : undefined
  }

  /** `written` names this writing: none before of the same count had it. */
  async write(what: CountInSlices, written: string, whole: string): Promise<void> {
    const texts: string[] = []
    for (let start = 0; start < whole.length; start += LONGEST_TEXT_CHARACTERS - 1)
      texts.push(whole.slice(start, start + LONGEST_TEXT_CHARACTERS - 1))
    const refused = await this.#table.upsert(
      texts.map((part, index) => ({
        partitionKey: this.#partitionKey,
        rowKey: rowKeys.partial(what, index),
        ...encodeValues<PartialValues>(columns, { ...NO_PIECES, ...toPieces(part), written, rows: texts.length }),
      })),
      'Replace',
    )
    // Half of it is not to be taken for all.
    if (refused.length > 0) await this.delete(what)
  }

  async delete(what: CountInSlices): Promise<void> {
    for await (const page of this.#table.pages({ filter: this.#rowsOf(what), select: ['RowKey'] })) {
      for (const { rowKey } of page) await this.#table.deleteRow(this.#partitionKey, rowKey)
    }
  }

  #rowsOf(what: CountInSlices): string {
    const { from, to } = keyRange(what)
    return odata`PartitionKey eq ${this.#partitionKey} and RowKey ge ${from} and RowKey lt ${to}`
  }
}
