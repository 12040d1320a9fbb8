import type { Expression } from './parse.ts'
import type { Row, Value } from './value.ts'

/** A condition on columns of one table of the model. */
export interface Filter {
  table: string
  /** `T[c]` */
  columns: ReadonlySet<string>
  test: (row: Row) => boolean
}

/** Where an expression is evaluated. */
export interface Context {
  filters: readonly Filter[]
  /** Rows that are iterated, the innermost last. */
  rows: readonly { row: Row; of: string | undefined }[]
  variables: ReadonlyMap<string, Value>
  /** Relationships that are active though they are not so by themselves. */
  activated: ReadonlySet<string>
  /** Columns that the visual groups by. */
  inScope: ReadonlySet<string>
}

export const EMPTY_CONTEXT: Context = { filters: [], rows: [], variables: new Map(), activated: new Set(), inScope: new Set() }

export const withRow = (context: Context, row: Row, of: string | undefined): Context => ({ ...context, rows: [...context.rows, { row, of }] })

/** The filters without those on the columns. One that stands on others as well has no meaning here. */
export function withoutFilters(filters: readonly Filter[], columns: ReadonlySet<string>): Filter[] {
  return filters.filter((filter) => {
    const removed = [...filter.columns].filter((column) => columns.has(column)).length
    if (removed !== 0 && removed !== filter.columns.size) throw new Error(`a part of a filter is removed: ${[...filter.columns].join(', ')}`)
    return removed === 0
  })
}

/** Every `T[c]` in an expression. */
export function columnsIn(expression: Expression): Set<string> {
  const found = new Set<string>()
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    if ('kind' in part && part.kind === 'column' && 'table' in part && 'column' in part) found.add(`${String(part.table)}[${String(part.column)}]`)
    for (const inner of Object.values(part)) visit(inner)
  }
  visit(expression)
  return found
}
