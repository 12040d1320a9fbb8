import { shorten } from '../../edge/quote.ts'
import { FeedError } from '../feed-error.ts'
import { instantKey } from '../instant.ts'
import type { EdmType, EntitySet } from '../model.ts'
import { bindArithmetic, bindCall, bindNegation } from './bind-call.ts'
import { compareValues } from './compare-values.ts'
import type { Expression } from './expression.ts'
import { type Bound, type FeedRow, type FeedValue, isType, type ValueType, withArticle } from './value.ts'

const TYPE_OF: Record<EdmType, ValueType> = {
  'Edm.String': 'text',
  'Edm.Int32': 'number',
  'Edm.Double': 'number',
  'Edm.Boolean': 'boolean',
  'Edm.DateTimeOffset': 'instant',
}

/** The filter as a test of a set's rows. Throws a `FeedError` for names that the set does not have and for types that do not go together. */
export function bindFilter(expression: Expression, set: EntitySet): (row: FeedRow) => boolean {
  const bound = bind(expression, set)
  if (!isType(bound, 'boolean')) throw invalid(`it is ${withArticle(bound.type)}, not a condition`)
  return (row) => bound.valueOf(row) === true
}

function bind(expression: Expression, set: EntitySet): Bound {
  switch (expression.kind) {
    case 'literal':
      return { ...expression, valueOf: () => expression.value }
    case 'property':
      return bindProperty(expression.name, set)
    case 'call':
      return bindCall(
        expression.name,
        expression.operands.map((operand) => bind(operand, set)),
        invalid,
      )
    case 'not':
      return bindNot(bind(expression.operand, set))
    case 'negate':
      return bindNegation(bind(expression.operand, set), invalid)
    case 'arithmetic':
      return bindArithmetic(expression.operator, bind(expression.left, set), bind(expression.right, set), invalid)
    case 'and':
    case 'or':
      return bindChain(
        expression.kind,
        expression.operands.map((operand) => bind(operand, set)),
      )
    case 'compare': {
      const [left, right] = [bind(expression.left, set), bind(expression.right, set)]
      requireSameType(left, right)
      return condition((row) => compareValues(expression.operator, left.valueOf(row), right.valueOf(row)))
    }
    case 'in': {
      const operand = bind(expression.operand, set)
      for (const value of expression.values) requireSameType(operand, bind(value, set))
      const values = new Set<FeedValue>(expression.values.map(({ value }) => value))
      return condition((row) => values.has(operand.valueOf(row)))
    }
  }
}

const condition = (valueOf: Bound['valueOf']): Bound => ({ type: 'boolean', valueOf })

function bindProperty(name: string, set: EntitySet): Bound {
  const property = set.properties.find((candidate) => candidate.name === name)
  if (!property)
    throw invalid(`${set.name} has no property ${shorten(name)}; it has ${set.properties.map((known) => known.name).join(', ')}`)
  const type = TYPE_OF[property.type]
  if (type !== 'instant') return { type, isIntegral: property.type === 'Edm.Int32', valueOf: (row) => row[name] ?? null }
  return { type, valueOf: (row) => keyOf(row[name]) }
}

function keyOf(value: FeedValue | undefined): string | null {
  return typeof value === 'string' ? (instantKey(value) ?? null) : null
}

function bindNot(operand: Bound): Bound {
  if (!isType(operand, 'boolean')) throw invalid(`not takes a condition, and no ${operand.type}; it binds more than any comparison`)
  return condition((row) => {
    const value = operand.valueOf(row)
    return typeof value === 'boolean' ? !value : null
  })
}

/** Three values: false decides `and`, true decides `or`, and else one unknown makes all unknown. */
function bindChain(kind: 'and' | 'or', operands: readonly Bound[]): Bound {
  const other = operands.find((operand) => !isType(operand, 'boolean'))
  if (other) throw invalid(`${kind} takes conditions, and no ${other.type}`)
  const deciding = kind === 'or'
  return condition((row) => {
    let unknown = false
    for (const operand of operands) {
      const value = operand.valueOf(row)
      if (value === deciding) return deciding
      unknown ||= value === null
    }
    return unknown ? null : !deciding
  })
}

function requireSameType(left: Bound, right: Bound): void {
  if (isType(left, right.type) || right.type === 'null') return
  throw invalid(`${withArticle(left.type)} cannot be compared with ${withArticle(right.type)}`)
}

const invalid = (what: string) => new FeedError('InvalidFilter', `$filter: ${what}.`)
