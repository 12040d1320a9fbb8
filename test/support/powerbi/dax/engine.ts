import type { SemanticModel } from '../semantic-model.ts'
import { type Context, EMPTY_CONTEXT, type Filter, withRow } from './context.ts'
import { FUNCTIONS } from './functions.ts'
import { type Expression, parseDax, type Scalar } from './parse.ts'
import { RowsOfModel } from './rows-of-model.ts'
import { compareScalars, number, type Row, type RowTable, scalar, table, truth, type Value } from './value.ts'

export interface Question {
  filters?: readonly Filter[]
  /** Columns that the visual groups by, as `T[c]`. */
  groupedBy?: readonly string[]
}

/**
 * Evaluates the model's DAX over rows that were read into it: filter contexts, CALCULATE, relationships, and the functions that the model uses.
 * A small part of DAX, and strict: what it does not know is an error, never a guess.
 */
export class DaxEngine {
  readonly rows: RowsOfModel
  readonly now: number
  readonly #parsed = new Map<string, Expression>()

  /** `imported` are the rows of the tables with queries; `now` is what the clock says, in days as DAX counts. */
  constructor(model: SemanticModel, imported: ReadonlyMap<string, readonly Row[]>, now: number) {
    this.rows = new RowsOfModel(model)
    this.now = now
    for (const [name, rows] of imported) this.rows.set(name, rows)
    this.#calculateTables()
  }

  /** A measure's value. */
  measure(name: string, { filters = [], groupedBy = [] }: Question = {}): Scalar {
    return scalar(this.#measure(name, { ...EMPTY_CONTEXT, filters, inScope: new Set(groupedBy) }))
  }

  evaluate(expression: Expression, context: Context): Value {
    switch (expression.kind) {
      case 'literal':
        return expression.value
      case 'column':
        return this.#column(`${expression.table}[${expression.column}]`, context)
      case 'bare':
        return this.#bare(expression.name, context)
      case 'name':
        return context.variables.get(expression.name) ?? this.#name(expression.name, context)
      case 'call':
        return this.#call(expression.called, expression.args, context)
      case 'not':
        return !truth(this.evaluate(expression.operand, context))
      case 'binary':
        return this.#binary(expression, context)
      case 'list':
        return this.#list(expression.items, context)
      case 'let':
        return this.#let(expression, context)
      case 'tuple':
        throw new Error('a row where a value is expected')
    }
  }

  /** The measure of a name, as if it stood in CALCULATE. */
  #measure(name: string, context: Context): Value {
    const found = this.rows.model.tables.flatMap(({ measures }) => measures).find((measure) => measure.name === name)
    if (!found) throw new Error(`no measure ${name}`)
    return this.evaluate(this.#parse(found.dax), { ...this.transition(context), variables: new Map() })
  }

  /** What is iterated becomes a filter. */
  transition(context: Context): Context {
    const filters = context.rows.flatMap(({ row, of }): Filter[] => {
      if (of === undefined) throw new Error('a row of no table becomes a filter')
      return [{ table: of, columns: new Set(this.rows.columns(of)), test: (one) => one === row }]
    })
    return { ...context, filters: [...context.filters, ...filters], rows: [] }
  }

  #column(key: string, { rows }: Context): Scalar {
    const value = rows.findLast(({ row }) => key in row)?.row[key]
    if (value === undefined) throw new Error(`${key} has no row here`)
    return value
  }

  #bare(name: string, context: Context): Value {
    const key = `[${name}]`
    const found = context.rows.findLast(({ row }) => key in row)
    return found ? (found.row[key] ?? null) : this.#measure(name, context)
  }

  #name(name: string, context: Context): Value {
    if (context.variables.has(name)) return null
    return this.rows.visible(name, context)
  }

  #call(called: string, args: readonly Expression[], context: Context): Value {
    const call = FUNCTIONS[called]
    if (!call) throw new Error(`no function ${called}`)
    return call(this, args, context)
  }

  #let({ variables, result }: Expression & { kind: 'let' }, context: Context): Value {
    let inner = context
    for (const { name, value } of variables) {
      inner = { ...inner, variables: new Map([...inner.variables, [name, this.evaluate(value, inner)]]) }
    }
    return this.evaluate(result, inner)
  }

  #list(items: readonly Expression[], context: Context): RowTable {
    return { columns: ['[Value]'], rows: items.map((item) => ({ '[Value]': scalar(this.evaluate(item, context)) })) }
  }

  #binary({ operator, left, right }: Expression & { kind: 'binary' }, context: Context): Value {
    if (operator === 'IN') return this.#isIn(left, table(this.evaluate(right, context)), context)
    const a = scalar(this.evaluate(left, context))
    // As DAX, which stops at what decides.
    if (operator === '&&') return truth(a) && truth(this.evaluate(right, context))
    if (operator === '||') return truth(a) || truth(this.evaluate(right, context))
    return binaryOf(operator, a, scalar(this.evaluate(right, context)))
  }

  #isIn(left: Expression, { columns, rows }: RowTable, context: Context): boolean {
    const wanted = (left.kind === 'tuple' ? left.items : [left]).map((item) => scalar(this.evaluate(item, context)))
    if (wanted.length !== columns.length) throw new Error(`${wanted.length} values in ${columns.length} columns`)
    return rows.some((row) => columns.every((column, index) => compareScalars(row[column] ?? null, wanted[index] ?? null) === 0))
  }

  #parse(dax: string): Expression {
    const known = this.#parsed.get(dax) ?? parseDax(dax)
    this.#parsed.set(dax, known)
    return known
  }

  /** Those that need others come after them. */
  #calculateTables(): void {
    for (const { name, source, columns } of calculatedInOrder(this.rows.model)) {
      const made = table(this.evaluate(this.#parse(source), EMPTY_CONTEXT))
      const own = columns.filter(({ dax }) => dax === '')
      const undeclared = made.columns.filter((column) => !own.some(({ sourceColumn }) => sourceColumn === column))
      if (undeclared.length > 0) throw new Error(`${name} has no column for ${undeclared.join(', ')}`)
      this.rows.set(
        name,
        made.rows.map((row) => Object.fromEntries(own.map((column) => [`${name}[${column.name}]`, valueOf(row, column.sourceColumn)]))),
      )
      const calculated = columns.filter(({ dax }) => dax !== '')
      for (const column of calculated.toSorted((a, b) => Number(a.dax.includes(`[${b.name}]`)) - Number(b.dax.includes(`[${a.name}]`)))) {
        const expression = this.#parse(column.dax)
        const rows = this.rows.all(name)
        const values = rows.map((row) => scalar(this.evaluate(expression, withRow(EMPTY_CONTEXT, row, name))))
        this.rows.set(name, rows.map((row, index) => ({ ...row, [`${name}[${column.name}]`]: values[index] ?? null })))
      }
    }
  }
}

function valueOf(row: Row, column: string): Scalar {
  const value = row[column]
  if (value === undefined) throw new Error(`the calculated table has no ${column}`)
  return value
}

function calculatedInOrder({ tables }: SemanticModel) {
  const calculated = tables.filter(({ kind }) => kind === 'calculated')
  const needs = (source: string, name: string) => new RegExp(`\\b${name}\\b`).test(source)
  return calculated.toSorted((a, b) => Number(needs(a.source, b.name)) - Number(needs(b.source, a.name)))
}

function binaryOf(operator: string, a: Scalar, b: Scalar): Scalar {
  const order = () => compareScalars(a, b)
  switch (operator) {
    case '=':
      return order() === 0
    case '<>':
      return order() !== 0
    case '<':
      return order() < 0
    case '<=':
      return order() <= 0
    case '>':
      return order() > 0
    case '>=':
      return order() >= 0
    case '+':
      return a === null && b === null ? null : number(a) + number(b)
    case '-':
      return a === null && b === null ? null : number(a) - number(b)
    case '*':
      return a === null || b === null ? null : number(a) * number(b)
    case '/':
      return number(a) / number(b)
    default:
      throw new Error(`no operator ${operator}`)
  }
}

