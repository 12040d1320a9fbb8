import type { Context } from './context.ts'
import type { DaxEngine } from './engine.ts'
import type { Expression } from './parse.ts'
import type { Value } from './value.ts'

/** A function of DAX: its arguments come unevaluated, since some are evaluated for each row, or in another context. */
export type DaxFunction = (engine: DaxEngine, args: readonly Expression[], context: Context) => Value

export function argument(args: readonly Expression[], index: number): Expression {
  const found = args[index]
  if (!found) throw new Error(`argument ${index + 1} is missing`)
  return found
}

/** `T[c]` as a column, not as a value. */
export function columnOf(expression: Expression): { table: string; key: string } {
  if (expression.kind !== 'column') throw new Error('a column is expected')
  return { table: expression.table, key: `${expression.table}[${expression.column}]` }
}

