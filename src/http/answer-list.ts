import { begun } from './begun.ts'
import { requireCarriable } from './carriable.ts'
import type { Column } from './columns.ts'
import { chooseFormat, type Format } from './format.ts'
import { attachment } from './file-name.ts'
import type { List } from './list.ts'
import { takePage } from './page.ts'
import { ROW_FORMATS, type RowFormat, toText } from './row-format.ts'
import type { Rows } from './route.ts'

/** How a list is asked for. */
export interface Asked<Row, Position> {
  /** The rows' name in JSON. */
  rowsName: string
  columns: readonly Column[]
  /** What a row is in a table; itself if left out. */
  tableRowsOf?: (row: Row) => object[]
  format: Format | undefined
  accept: string
  limit: number | undefined
  /** The rows of a page of JSON where no limit is given. */
  limitOfJson: number
  nextLink: (position: Position) => string
}

type JsonAnswer = { status: 200; json: object }

/** A list as JSON or as rows: a page, or all of it where the format allows that and no limit is given. */
export async function answerList<Row extends object, Position>(
  list: List<object, Row, Position>,
  asked: Asked<Row, Position>,
): Promise<JsonAnswer | Rows> {
  const format = chooseFormat(asked.format, asked.accept)
  const columns = asked.columns.filter(({ name }) => list.hasColumn?.(name) ?? true)
  const { tableRowsOf = (row: Row) => [row] } = asked
  if (format !== 'json' && asked.limit === undefined) return answerWhole(list, tableRowsOf, ROW_FORMATS[format], columns)
  const limit = asked.limit ?? asked.limitOfJson
  const end = { limit, lookAtMost: list.lookAtMost ?? Infinity, positionOf: (row: Row) => list.positionOf(row) }
  const { rows, stoppedAt } = await takePage(list.read(limit), end)
  const nextLink = stoppedAt === undefined ? undefined : asked.nextLink(stoppedAt)
  if (format === 'json') return { status: 200, json: { ...list.head, [asked.rowsName]: rows, ...(nextLink !== undefined && { nextLink }) } }
  const link: Record<string, string> = nextLink === undefined ? {} : { link: `<${nextLink}>; rel="next"` }
  return rowsAnswer(list, ROW_FORMATS[format], toText([rows.flatMap(tableRowsOf)], ROW_FORMATS[format], columns), link)
}

/** All rows, sent while they are read. What fails before the first of them is told by a status; what fails later breaks the answer off. */
async function answerWhole<Row extends object, Position>(
  list: List<object, Row, Position>,
  tableRowsOf: (row: Row) => object[],
  format: RowFormat,
  columns: readonly Column[],
): Promise<Rows> {
  requireCarriable(list.changesToRead ?? 0, 'limit', 'Give a limit and follow the Link headers, or ask for a narrower range')
  return rowsAnswer(list, format, await begun(toText(rowsOf(list.read(Infinity), tableRowsOf), format, columns)), {})
}

async function* rowsOf<Row>(batches: AsyncIterable<{ rows: Row[] }>, tableRowsOf: (row: Row) => object[]): AsyncGenerator<object[]> {
  for await (const { rows } of batches) yield rows.flatMap(tableRowsOf)
}

function rowsAnswer(
  { fileName }: { fileName: string },
  format: RowFormat,
  chunks: AsyncIterable<string>,
  link: Record<string, string>,
): Rows {
  const kept = format.isFile && { 'content-disposition': attachment(fileName) }
  return { status: 200, contentType: format.contentType, chunks, headers: { ...link, ...kept } }
}
