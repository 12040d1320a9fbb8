import type { Column } from './columns.ts'
import { csvHeader, csvRows } from './csv.ts'
import { type Format, ROW_TYPES } from './format.ts'

/** How rows become text, one by one, without anything round them. */
export interface RowFormat {
  contentType: string
  /** Stands before the first row, also where there is none. */
  head: (columns: readonly Column[]) => string
  text: (rows: readonly object[], columns: readonly Column[]) => string
  /** Whether a browser keeps the answer as a file. */
  isFile: boolean
}

/** Without it, Excel takes UTF-8 for the code page of the machine. */
const BYTE_ORDER_MARK = '\uFEFF'

const CSV_TYPE = `${ROW_TYPES.csv}; charset=utf-8; header=present`

export const ROW_FORMATS: Record<Exclude<Format, 'json'>, RowFormat> = {
  csv: { contentType: CSV_TYPE, head: csvHeader, text: (rows, columns) => csvRows(rows, columns, 'program'), isFile: false },
  excel: {
    contentType: CSV_TYPE,
    head: (columns) => BYTE_ORDER_MARK + csvHeader(columns),
    text: (rows, columns) => csvRows(rows, columns, 'person'),
    isFile: true,
  },
  // https://github.com/ndjson/ndjson-spec
  ndjson: {
    contentType: `${ROW_TYPES.ndjson}; charset=utf-8`,
    head: () => '',
    text: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    isFile: false,
  },
}

/** Rows turned to text at a time. */
const CHUNK_ROWS = 500

/** Rows as text in pieces. Where rows come together and are none, a piece is empty: whoever takes the pieces learns that the reading goes on. */
export async function* toText(
  batches: AsyncIterable<readonly object[]> | Iterable<readonly object[]>,
  { head, text }: RowFormat,
  columns: readonly Column[],
): AsyncGenerator<string> {
  let before = head(columns)
  for await (const rows of batches) {
    for (let start = 0; start === 0 || start < rows.length; start += CHUNK_ROWS) {
      yield before + text(rows.slice(start, start + CHUNK_ROWS), columns)
      before = ''
    }
  }
  if (before !== '') yield before
}
