import { stringify } from 'csv-stringify/sync'

/** Rows turned to text at a time. */
const CHUNK_ROWS = 500

/** With CRLF between records the library quotes a cell with a CRLF in it, but not one with half of it, which readers take for a new record. */
const STYLE = { record_delimiter: 'windows', quoted_match: /[\r\n]/, escape_formulas: true } as const

type Cell = string | number | boolean | readonly string[] | null | undefined

/**
 * Rows as CSV (RFC 4180) with a header, in pieces. Lists are joined by `; `.
 * A cell that a spreadsheet would run as a formula gets an apostrophe in front: names come from the machines, and whoever names one
 * must not run code where the file is opened. So does what would be a cell of its own where semicolons separate. https://owasp.org/www-community/attacks/CSV_Injection
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
  if (typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : value.join('; ')
  const harmless = text.replace(INNER_FORMULA, "$1'")
  // A line feed in front is skipped by some spreadsheets; the library looks at the first character only.
  return /^[\n\v\f\0 ]+[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${harmless}` : harmless
}

/**
 * Where a spreadsheet takes the semicolon for the separator, as in most of Europe, a quote that follows a comma quotes nothing: a semicolon
 * within a cell, or a line's end, begins a new cell there, in which blanks and a quote may come before the formula.
 */
const INNER_FORMULA = /([;\r\n](?:[^\S\r\n]|[\0"])*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g
