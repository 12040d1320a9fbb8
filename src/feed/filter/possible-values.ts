import type { Comparison, Expression } from './expression.ts'

/**
 * Where a property's values must lie for a filter to hold: anywhere, between two values (inclusive), or among some, sorted.
 * It never leaves out a row that the filter takes; it may well take in more.
 */
export type PossibleValues = { kind: 'all' } | { kind: 'range'; from?: string; to?: string } | { kind: 'values'; values: readonly string[] }

const ALL: PossibleValues = { kind: 'all' }
const NOTHING: PossibleValues = { kind: 'values', values: [] }

/** More values than this are read as one range: each value costs a request of its own. */
const MOST_VALUES = 100

/** Longer than any value of a key: ids have 100 characters at most, a character takes five in a key, and a key of Table Storage has 1,024. */
const LONGEST_VALUE = 200

const MIRRORED: Record<Comparison, Comparison> = { eq: 'eq', ne: 'ne', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' }

/** The possible values of a property that is never null and whose values sort as texts: a text, or an instant by its `instantKey`. */
export function possibleValuesOf(expression: Expression | undefined, property: string): PossibleValues {
  if (!expression) return ALL
  const of = (operand: Expression) => possibleValuesOf(operand, property)
  const isProperty = (operand: Expression) => operand.kind === 'property' && operand.name === property
  if (expression.kind === 'and') return expression.operands.map(of).reduce(intersect)
  if (expression.kind === 'or') return expression.operands.map(of).reduce(unite)
  if (expression.kind === 'in' && isProperty(expression.operand)) {
    return expression.values.map((value) => possibleInComparison('eq', value)).reduce(unite)
  }
  if (expression.kind !== 'compare') return ALL
  const { operator, left, right } = expression
  if (isProperty(left)) return possibleInComparison(operator, right)
  return isProperty(right) ? possibleInComparison(MIRRORED[operator], left) : ALL
}

function possibleInComparison(operator: Comparison, operand: Expression): PossibleValues {
  if (operand.kind !== 'literal' || typeof operand.value !== 'string') return ALL
  const { value } = operand
  // No row has it, and the storage need not take a key of that length in a query.
  if (value.length > LONGEST_VALUE) return operator === 'eq' ? NOTHING : ALL
  switch (operator) {
    case 'eq':
      return { kind: 'values', values: [value] }
    case 'gt':
    case 'ge':
      return { kind: 'range', from: value }
    case 'lt':
    case 'le':
      return { kind: 'range', to: value }
    case 'ne':
      return ALL
  }
}

/** What lies in both. */
export function intersect(a: PossibleValues, b: PossibleValues): PossibleValues {
  if (a.kind === 'all') return b
  if (b.kind === 'all') return a
  if (a.kind === 'values') return { kind: 'values', values: a.values.filter((value) => isPossible(value, b)) }
  if (b.kind === 'values') return intersect(b, a)
  return range(
    narrower(a.from, b.from, (x, y) => x > y),
    narrower(a.to, b.to, (x, y) => x < y),
  )
}

/** What lies in either, and what is between them where that cannot be told apart. */
function unite(a: PossibleValues, b: PossibleValues): PossibleValues {
  if (a.kind === 'all' || b.kind === 'all') return ALL
  if (a.kind === 'values' && b.kind === 'values') {
    const values = [...new Set([...a.values, ...b.values])].sort()
    if (values.length <= MOST_VALUES) return { kind: 'values', values }
  }
  const [one, other] = [rangeOf(a), rangeOf(b)]
  if (!one || !other) return one ? a : b
  return range(
    wider(one.from, other.from, (x, y) => x < y),
    wider(one.to, other.to, (x, y) => x > y),
  )
}

function range(from: string | undefined, to: string | undefined): PossibleValues {
  return { kind: 'range', ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
}

/** Of two ends, of which undefined is none, the one that leaves less. */
function narrower(a: string | undefined, b: string | undefined, isNarrower: (a: string, b: string) => boolean): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return isNarrower(a, b) ? a : b
}

/** Of two ends, the one that leaves more. */
function wider(a: string | undefined, b: string | undefined, isWider: (a: string, b: string) => boolean): string | undefined {
  if (a === undefined || b === undefined) return undefined
  return isWider(a, b) ? a : b
}

/** The range from the least to the largest; undefined where there is nothing. */
export function rangeOf(possible: PossibleValues): { from?: string; to?: string } | undefined {
  if (possible.kind !== 'values') return possible.kind === 'all' ? {} : possible
  const [from, to] = [possible.values[0], possible.values.at(-1)]
  return from === undefined || to === undefined ? undefined : { from, to }
}

/** Whether a value is one of the possible ones. */
export function isPossible(value: string, possible: PossibleValues): boolean {
  if (possible.kind === 'values') return possible.values.includes(value)
  if (possible.kind === 'all') return true
  return (possible.from === undefined || value >= possible.from) && (possible.to === undefined || value <= possible.to)
}

/** Possible values with every one mapped by a function that keeps their order; values that become one are one. */
export function mapPossible(possible: PossibleValues, map: (value: string) => string): PossibleValues {
  if (possible.kind === 'all') return possible
  if (possible.kind === 'values') return { kind: 'values', values: [...new Set(possible.values.map(map))] }
  const { from, to } = possible
  return range(from === undefined ? from : map(from), to === undefined ? to : map(to))
}
