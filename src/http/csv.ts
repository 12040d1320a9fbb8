import { stringify } from 'csv-stringify/sync'
import { type Column, valueIn } from './columns.ts'

/** With CRLF between records the library quotes a cell with a CRLF in it, but not one with half of it, which readers take for a new record. */
const STYLE = { record_delimiter: 'windows', quoted_match: /[\r\n]/ } as const

/** For whom a table is: programs, or people who open it in a spreadsheet. */
export type CsvReader = 'program' | 'person'

/** The first line of a table, with the names of its columns. */
export const csvHeader = (columns: readonly Column[]) => stringify([columns.map(({ name }) => name)], STYLE)

/**
 * Rows as CSV (RFC 4180) without a header. Lists are joined by `; `.
 * For people, instants are as spreadsheets take them, and texts that they would take for numbers stay texts.
 */
export function csvRows(rows: readonly object[], columns: readonly Column[], reader: CsvReader): string {
  const cell = reader === 'person' ? cellForPerson : cellForProgram
  return stringify(
    rows.map((row) => columns.map((column) => cell(valueIn(row, column), column))),
    STYLE,
  )
}

function cellForProgram(value: unknown): string | number {
  return typeof value === 'number' ? value : harmless(textOf(value))
}

function cellForPerson(value: unknown, { isInstant }: Column): string | number {
  if (typeof value === 'number') return value
  const text = textOf(value)
  // Without the offset and fractions, for spreadsheets take neither: all are UTC.
  if (isInstant) return text.slice(0, '2026-06-12T02:00:00'.length).replace('T', ' ')
  return isTakenForNumber(text) ? `="${text}"` : harmless(text)
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(textOf).join('; ')
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : ''
}

/**
 * A spreadsheet shows `5094127` as a number, `24E2` as 2400, `1-2` and `MAY1` as days; a machine's id loses all but 15 digits. As a formula
 * whose outcome is a text they stay as they are. It holds nothing else than what is matched here, so that it cannot be another formula.
 */
const isTakenForNumber = (text: string) => text.length <= TEXT_IN_FORMULA && NUMBERS_AND_DAYS.some((pattern) => pattern.test(text))

/** https://support.microsoft.com/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3 */
const TEXT_IN_FORMULA = 255

const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}'
const NUMBERS_AND_DAYS = [
  /^\d[\d.,:/ -]*$/,
  /^\d+(\.\d+)?e[+-]?\d+$/i,
  new RegExp(`^\\d{1,4}[ -]?${MONTH}([ -]\\d{1,4})?$`, 'i'),
  new RegExp(`^${MONTH}[ -]?\\d{1,4}$`, 'i'),
]

/**
 * A cell that a spreadsheet would run as a formula gets an apostrophe in front: names come from the machines, and whoever names one
 * must not run code where the file is opened. So does what would be a cell of its own where semicolons separate. https://owasp.org/www-community/attacks/CSV_Injection
 */
function harmless(text: string): string {
  // Blanks in front are skipped by some spreadsheets.
  return `${FORMULA.test(text) ? "'" : ''}${text.replace(INNER_FORMULA, "$1'")}`
}

const FORMULA = /^[\n\v\f\0 ]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/

/**
 * Where a spreadsheet takes the semicolon for the separator, as in most of Europe, a quote that follows a comma quotes nothing: a semicolon
 * within a cell, or a line's end, begins a new cell there, in which blanks and a quote may come before the formula.
 */
const INNER_FORMULA = /([;\r\n](?:[^\S\r\n]|[\0"])*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g
