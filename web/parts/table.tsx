import type { ComponentChildren } from 'preact'

export interface Column<Row> {
  title: string
  /** Numbers stand right. */
  isNumber?: boolean
  /** A date stays on one line. */
  isDate?: boolean
  cell: (row: Row) => ComponentChildren
}

interface Props<Row> {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
  none: string
}

/** A table that scrolls by itself where it is too wide, and not the page. */
export function Table<Row>({ caption, columns, rows, keyOf, none }: Props<Row>) {
  if (rows.length === 0) return <p class="none">{none}</p>
  return (
    <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, isNumber }) => (
              <th key={title} scope="col" class={isNumber ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, isNumber, isDate, cell }) => (
                <td key={title} class={isNumber ? 'number' : isDate ? 'date' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
