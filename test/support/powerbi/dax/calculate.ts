import { columnsIn, type Context, type Filter, withoutFilters, withRow } from './context.ts'
import type { DaxEngine } from './engine.ts'
import { argument, columnOf, type DaxFunction } from './arguments.ts'
import type { Expression } from './parse.ts'
import { truth } from './value.ts'

/** `CALCULATE(…)`: what removes filters comes before what adds them. Filters are evaluated where CALCULATE stands. */
const calculate: DaxFunction = (engine, args, context) => {
  const [expression, ...modifiers] = [argument(args, 0), ...args.slice(1)]
  let inner = engine.transition(context)
  const isRemoving = (one: Expression) => one.kind === 'call' && one.called === 'REMOVEFILTERS'
  for (const modifier of modifiers.filter(isRemoving)) inner = removed(engine, modifier, inner)
  for (const modifier of modifiers.filter((one) => !isRemoving(one))) inner = applied(engine, modifier, inner, context)
  return engine.evaluate(expression, inner)
}

function removed(engine: DaxEngine, modifier: Expression, inner: Context): Context {
  const args = modifier.kind === 'call' ? modifier.args : []
  const columns = args.flatMap((one) => {
    if (one.kind !== 'name') return [columnOf(one).key]
    return engine.rows.expanded(one.name, inner).flatMap((name) => engine.rows.columns(name))
  })
  return { ...inner, filters: withoutFilters(inner.filters, new Set(columns)) }
}

function applied(engine: DaxEngine, modifier: Expression, inner: Context, outer: Context): Context {
  if (modifier.kind === 'call' && modifier.called === 'USERELATIONSHIP') return activated(engine, modifier.args, inner)
  const keeps = modifier.kind === 'call' && modifier.called === 'KEEPFILTERS'
  const filter = filterOf(engine, keeps ? argument(modifier.args, 0) : modifier, outer)
  const others = keeps ? inner.filters : withoutFilters(inner.filters, filter.columns)
  return { ...inner, filters: [...others, filter] }
}

function activated(engine: DaxEngine, args: readonly Expression[], inner: Context): Context {
  const ends = args.map((one) => columnOf(one).key.replace('[', '.').replace(']', ''))
  const found = engine.rows.model.relationships.find(({ from, to }) => ends.includes(from) && ends.includes(to))
  if (!found) throw new Error(`no relationship between ${ends.join(' and ')}`)
  return { ...inner, activated: new Set([...inner.activated, found.name]) }
}

/** A condition as a filter on the columns that it names, all of one table. */
function filterOf(engine: DaxEngine, condition: Expression, outer: Context): Filter {
  const columns = columnsIn(condition)
  const tables = new Set([...columns].map((key) => key.slice(0, key.indexOf('['))))
  const [table] = tables
  if (table === undefined || tables.size !== 1) throw new Error(`a filter on ${tables.size} tables`)
  return { table, columns, test: (row) => truth(engine.evaluate(condition, withRow(outer, row, table))) }
}

export const CALCULATE_FUNCTIONS: Readonly<Record<string, DaxFunction>> = {
  CALCULATE: calculate,
  ISCROSSFILTERED: (engine, args, context) => {
    const [named] = args
    if (named?.kind !== 'name') throw new Error('a table is expected')
    const expanded = engine.rows.expanded(named.name, context)
    return context.filters.some(({ table }) => expanded.includes(table))
  },
  ISINSCOPE: (_engine, args, context) => context.inScope.has(columnOf(argument(args, 0)).key),
}
