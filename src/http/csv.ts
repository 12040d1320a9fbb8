import { stringify } from 'csv-stringify/sync'

/** Rows turned to text at a time. */
const CHUNK_ROWS = 500

/** With CRLF between records the library quotes a cell with a CRLF in it, but not one with half of it, which readers take for a new record. */
const STYLE = { record_delimiter: 'windows', quoted_match: /[\r\n]/, escape_formulas: true } as const

type Cell = string | number | readonly string[] | null | undefined

/**
 * Rows as CSV (RFC 4180) with a header, in pieces. Lists are joined by `; `.
 * A cell that a spreadsheet would run as a formula gets an apostrophe in front: names come from the machines, and whoever names one
 * must not run code where the file is opened. https://owasp.org/www-community/attacks/CSV_Injection
 */
export function* toCsv<K extends string>(rows: readonly { [key in K]?: Cell }[], columns: readonly K[]): Generator<string> {
  for (let start = 0; start === 0 || start < rows.length; start += CHUNK_ROWS) {
    const cells = rows.slice(start, start + CHUNK_ROWS).map((row) => columns.map((column) => toCell(row[column])))
    yield stringify(cells, { ...STYLE, columns: [...columns], header: start === 0 })
  }
}

function toCell(value: Cell): string | number {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return value
  const text = typeof value === 'string' ? value : value.join('; ')
  // A line feed in front is skipped by some spreadsheets; the library looks at the first character only.
  return /^[\n\v\f\0 ]+[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text
}
