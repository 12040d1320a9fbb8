import type { Relationship, SemanticModel } from '../semantic-model.ts'
import type { Context } from './context.ts'
import type { Row, RowTable } from './value.ts'
import type { Scalar } from './parse.ts'

const tableOf = (end: string) => end.slice(0, end.indexOf('.'))
export const keyOf = (end: string) => `${tableOf(end)}[${end.slice(end.indexOf('.') + 1)}]`

/** The rows of the model's tables, and which of them a filter context lets through. */
export class RowsOfModel {
  readonly model: SemanticModel
  readonly #rows = new Map<string, readonly Row[]>()
  readonly #indexes = new Map<string, Map<Scalar, Row>>()

  constructor(model: SemanticModel) {
    this.model = model
  }

  set(name: string, rows: readonly Row[]): void {
    this.#rows.set(name, rows)
    this.#indexes.clear()
  }

  has(name: string): boolean {
    return this.model.tables.some((table) => table.name === name)
  }

  columns(name: string): string[] {
    const found = this.model.tables.find((table) => table.name === name)
    if (!found) throw new Error(`no table ${name}`)
    return found.columns.map((column) => `${name}[${column.name}]`)
  }

  all(name: string): readonly Row[] {
    const rows = this.#rows.get(name)
    if (!rows) throw new Error(`the table ${name} is not loaded yet`)
    return rows
  }

  visible(name: string, context: Context): RowTable {
    return { columns: this.columns(name), rows: this.all(name).filter((row) => this.#isVisible(name, row, context)), of: name }
  }

  /** The tables that a table's rows lead to, itself first: a filter on one of them filters it. */
  expanded(name: string, context: Context): string[] {
    return [name, ...this.#leading(name, context).flatMap(({ to }) => this.expanded(tableOf(to), context))]
  }

  /** The row of another table that a row leads to. */
  related(name: string, row: Row, wanted: string, context: Context): Row | undefined {
    if (name === wanted) return row
    for (const relationship of this.#leading(name, context)) {
      const next = this.#one(relationship, row)
      const found = next && this.related(tableOf(relationship.to), next, wanted, context)
      if (found) return found
    }
    return undefined
  }

  #isVisible(name: string, row: Row, context: Context): boolean {
    if (context.filters.length === 0) return true
    if (!context.filters.every((filter) => filter.table !== name || filter.test(row))) return false
    return this.#leading(name, context).every((relationship) => {
      const one = this.#one(relationship, row)
      const to = tableOf(relationship.to)
      if (one) return this.#isVisible(to, one, context)
      // A row that leads nowhere is the blank row's, which no filter on real rows lets through.
      return !context.filters.some((filter) => this.expanded(to, context).includes(filter.table))
    })
  }

  #leading(name: string, { activated }: Context): Relationship[] {
    return this.model.relationships.filter((one) => tableOf(one.from) === name && (one.isActive || activated.has(one.name)))
  }

  #one({ from, to }: Relationship, row: Row): Row | undefined {
    const key = keyOf(to)
    let index = this.#indexes.get(key)
    if (!index) this.#indexes.set(key, (index = new Map(this.all(tableOf(to)).map((one) => [one[key] ?? null, one]))))
    return index.get(row[keyOf(from)] ?? null)
  }
}
