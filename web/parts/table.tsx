import type { ComponentChildren } from 'preact'
import { grouped } from '../data/grouped.ts'
import { usePage } from '../state/page.ts'

export interface Column<Row> {
  title: string
  /** Numbers stand right. */
  isNumber?: boolean
  /** A date stays on one line. */
  isDate?: boolean
  /** Left out where there is no room: what the rest says without it. */
  isExtra?: boolean
  /** What a cell is coloured by. */
  toneOf?: (row: Row) => string
  /** Shorter where there is no room. */
  cell: (row: Row, isNarrow: boolean) => ComponentChildren
}

interface Props<Row> {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
  none: string
  /** Of many rows: where there is no room, what a KB is called goes before the rows get tall. */
  isDense?: boolean
  /** Rows that are about the same stand under what that is. */
  under?: { keyOf: (row: Row) => string; head: (row: Row) => ComponentChildren }
}

/** A table that scrolls by itself where it is too wide, and not the page. */
export function Table<Row>({ caption, columns, rows, keyOf, none, isDense = false, under }: Props<Row>) {
  const { isNarrow } = usePage()
  if (rows.length === 0) return <p class="none">{none}</p>
  const lines = (some: readonly Row[]) => some.map((row) => <Line key={keyOf(row)} {...{ columns, row, isNarrow }} />)
  return (
    <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
      <table class={namesOf(isDense && 'dense', under && 'grouped')}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={classOf(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        {under ? (
          grouped(rows, under.keyOf).map(([key, own]) => (
            <tbody key={key}>
              <tr class="of">
                <th colSpan={columns.length} scope="rowgroup">
                  {own.slice(0, 1).map(under.head)}
                </th>
              </tr>
              {lines(own)}
            </tbody>
          ))
        ) : (
          <tbody>{lines(rows)}</tbody>
        )}
      </table>
    </div>
  )
}

function Line<Row>({ columns, row, isNarrow }: { columns: readonly Column<Row>[]; row: Row; isNarrow: boolean }) {
  return (
    <tr>
      {columns.map((column) => (
        <td key={column.title} class={classOf(column, column.toneOf?.(row))}>
          {column.cell(row, isNarrow)}
        </td>
      ))}
    </tr>
  )
}

const classOf = ({ isNumber, isDate, isExtra }: Omit<Column<never>, 'cell' | 'toneOf'>, tone?: string) =>
  namesOf(isNumber && 'number', isDate && 'date', isExtra && 'extra', tone)

/** Names of classes; undefined where there is none. */
function namesOf(...names: readonly (string | false | undefined)[]): string | undefined {
  const given = names.filter((name) => name !== undefined && name !== false)
  return given.length === 0 ? undefined : given.join(' ')
}
