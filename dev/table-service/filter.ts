import { type Condition, isOperator, type Operator, readCondition } from '../odata/condition.ts'
import { type Dialect, Lexer, type Token } from '../odata/lexer.ts'
import { LIMITS } from './limits.ts'
import { ServiceError } from './service-error.ts'

/** A constant of a filter. Int64s are kept as text, instants as milliseconds. */
export type Literal =
  | { type: 'string' | 'guid' | 'long'; value: string }
  | { type: 'number'; value: number }
  | { type: 'instant'; value: number }
  | { type: 'boolean'; value: boolean }

export interface Comparison {
  kind: 'comparison'
  property: string
  operator: Operator
  literal: Literal
}

export type Filter = Condition<Comparison>

const DIALECT: Dialect = { ignoresCase: false, refusal: (detail) => new ServiceError('InvalidInput', detail) }

/**
 * Reads a `$filter`: `PartitionKey eq 'a' and (RowKey gt 'b' or not (state eq 'removed'))`.
 * Throws `InvalidInput` where it is no filter, or has more comparisons than the service takes.
 */
export function parseFilter(text: string): Filter {
  let comparisons = 0
  const filter = readCondition(new Lexer(text, DIALECT), (lexer) => {
    comparisons++
    return readComparison(lexer)
  })
  if (comparisons > LIMITS.filterComparisons) throw DIALECT.refusal(`${comparisons} comparisons in a filter`)
  return filter
}

function readComparison(lexer: Lexer): Comparison {
  const [property, operator] = [lexer.next(), lexer.next()]
  const literal = literalOf(lexer.next())
  if (
    property.kind !== 'word' ||
    !/^[A-Za-z_]\w*$/.test(property.text) ||
    operator.kind !== 'word' ||
    !isOperator(operator.text) ||
    !literal
  )
    throw lexer.refusal(`'${property.text} ${operator.text}' begins no comparison`)
  return { kind: 'comparison', property: property.text, operator: operator.text, literal }
}

/** Undefined where the token is no constant. */
function literalOf({ kind, text, prefix }: Token): Literal | undefined {
  if (kind === 'quoted' && prefix === 'guid') return { type: 'guid', value: text.toLowerCase() }
  if (kind === 'quoted') return prefix === 'datetime' ? { type: 'instant', value: Date.parse(text) } : { type: 'string', value: text }
  if (kind !== 'word') return undefined
  if (text === 'true' || text === 'false') return { type: 'boolean', value: text === 'true' }
  if (/^-?\d+L$/.test(text)) return { type: 'long', value: text.slice(0, -1) }
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? { type: 'number', value: Number(text) } : undefined
}
