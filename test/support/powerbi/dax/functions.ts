import { type Context, withRow } from './context.ts'
import { argument, columnOf, type DaxFunction } from './arguments.ts'
import { CALCULATE_FUNCTIONS } from './calculate.ts'
import type { DaxEngine } from './engine.ts'
import type { Expression, Scalar } from './parse.ts'
import { SCALAR_FUNCTIONS } from './scalar-functions.ts'
import { compareScalars, number, type RowTable, scalar, table, truth } from './value.ts'

/** The values of an argument, which is a column, in the rows that the context lets through. */
function visibleValues(engine: DaxEngine, args: readonly Expression[], context: Context): Scalar[] {
  const { table: name, key } = columnOf(argument(args, 0))
  return engine.rows.visible(name, context).rows.map((row) => row[key] ?? null)
}

const isFilled = (value: Scalar): value is string | number | boolean => value !== null

/** Of the values that are not blank: the first in order, or the last. */
function extreme(values: readonly Scalar[], sign: 1 | -1): Scalar {
  return values.filter(isFilled).reduce<Scalar>((best, value) => (best === null || compareScalars(value, best) * sign > 0 ? value : best), null)
}

/** An expression's value in each row of a table. */
function inRows(engine: DaxEngine, args: readonly Expression[], context: Context): Scalar[] {
  const { rows, of } = table(engine.evaluate(argument(args, 0), context))
  return rows.map((row) => scalar(engine.evaluate(argument(args, 1), withRow(context, row, of))))
}

function sum(values: readonly Scalar[]): Scalar {
  const filled = values.filter(isFilled)
  return filled.length === 0 ? null : filled.reduce<number>((total, value) => total + number(value), 0)
}

/** Between the two values around it, as PERCENTILE.INC does. */
function percentile(values: readonly Scalar[], share: number): Scalar {
  const sorted = values.filter(isFilled).map(number).sort((a, b) => a - b)
  if (sorted.length === 0) return null
  const place = share * (sorted.length - 1)
  const [below = 0, above = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return below + (above - below) * (place - Math.floor(place))
}

const either = (sign: 1 | -1): DaxFunction => (engine, args, context) =>
  args.length === 2
    ? extreme(args.map((one) => scalar(engine.evaluate(one, context))), sign)
    : extreme(visibleValues(engine, args, context), sign)

function selectColumns(engine: DaxEngine, [source, ...pairs]: readonly Expression[], context: Context): RowTable {
  const { rows, of } = table(engine.evaluate(argument(source ? [source] : [], 0), context))
  const named = Array.from({ length: pairs.length / 2 }, (_, index) => ({
    key: `[${String(scalar(engine.evaluate(argument(pairs, 2 * index), context)))}]`,
    value: argument(pairs, 2 * index + 1),
  }))
  return {
    columns: named.map(({ key }) => key),
    rows: rows.map((row) => Object.fromEntries(named.map(({ key, value }) => [key, scalar(engine.evaluate(value, withRow(context, row, of)))]))),
  }
}

/** The names of the first table's columns hold for both. */
function union(engine: DaxEngine, args: readonly Expression[], context: Context): RowTable {
  const tables = args.map((one) => table(engine.evaluate(one, context)))
  const columns = tables[0]?.columns ?? []
  if (tables.some((one) => one.columns.length !== columns.length)) throw new Error('tables of different width')
  const rows = tables.flatMap((one) =>
    one.rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[one.columns[index] ?? ''] ?? null]))),
  )
  return { columns, rows }
}

/** `DATATABLE("a", STRING, …, {{…}, …})` */
function dataTable(engine: DaxEngine, args: readonly Expression[], context: Context): RowTable {
  const data = argument(args, args.length - 1)
  const columns = args.slice(0, -1).flatMap((one, index) => (index % 2 === 0 ? [`[${String(scalar(engine.evaluate(one, context)))}]`] : []))
  if (data.kind !== 'list') throw new Error('rows are expected')
  const rows = data.items.map((item) => {
    if (item.kind !== 'list' || item.items.length !== columns.length) throw new Error('a row of all columns is expected')
    return Object.fromEntries(columns.map((column, index) => [column, scalar(engine.evaluate(argument(item.items, index), context))]))
  })
  return { columns, rows }
}

function series(engine: DaxEngine, args: readonly Expression[], context: Context, column: string): RowTable {
  const ends = args.map((one) => scalar(engine.evaluate(one, context)))
  // As DAX, which takes no blank here.
  if (ends.includes(null)) throw new Error('a series has two ends')
  const [from = 0, to = 0] = ends.map(number)
  return { columns: [column], rows: Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => ({ [column]: from + index })) }
}

const TABLE_FUNCTIONS: Readonly<Record<string, DaxFunction>> = {
  COUNTROWS: (engine, args, context) => table(engine.evaluate(argument(args, 0), context)).rows.length || null,
  ISEMPTY: (engine, args, context) => table(engine.evaluate(argument(args, 0), context)).rows.length === 0,
  DISTINCTCOUNT: (engine, args, context) => new Set(visibleValues(engine, args, context)).size || null,
  SUM: (engine, args, context) => sum(visibleValues(engine, args, context)),
  MAX: either(1),
  MIN: either(-1),
  MAXX: (engine, args, context) => extreme(inRows(engine, args, context), 1),
  MINX: (engine, args, context) => extreme(inRows(engine, args, context), -1),
  SUMX: (engine, args, context) => sum(inRows(engine, args, context)),
  MEDIANX: (engine, args, context) => percentile(inRows(engine, args, context), 0.5),
  'PERCENTILEX.INC': (engine, args, context) =>
    percentile(inRows(engine, args, context), number(engine.evaluate(argument(args, 2), context))),
  SELECTEDVALUE: (engine, args, context) => {
    const values = new Set(visibleValues(engine, args, context))
    const [only = null] = values
    return values.size === 1 ? only : args[1] ? engine.evaluate(args[1], context) : null
  },
  FILTER: (engine, args, context) => {
    const found = table(engine.evaluate(argument(args, 0), context))
    return { ...found, rows: found.rows.filter((row) => truth(engine.evaluate(argument(args, 1), withRow(context, row, found.of)))) }
  },
  RELATED: (engine, args, context) => {
    const { table: name, key } = columnOf(argument(args, 0))
    const iterated = context.rows.findLast(({ of }) => of !== undefined && engine.rows.expanded(of, context).includes(name))
    if (iterated?.of === undefined) throw new Error(`no row leads to ${name}`)
    return engine.rows.related(iterated.of, iterated.row, name, context)?.[key] ?? null
  },
  SELECTCOLUMNS: selectColumns,
  UNION: union,
  DATATABLE: dataTable,
  GENERATESERIES: (engine, args, context) => series(engine, args, context, '[Value]'),
  CALENDAR: (engine, args, context) => series(engine, args, context, '[Date]'),
}

/** The functions that the model uses. */
export const FUNCTIONS: Readonly<Record<string, DaxFunction>> = { ...TABLE_FUNCTIONS, ...CALCULATE_FUNCTIONS, ...SCALAR_FUNCTIONS }

