import { shorten } from '../../edge/quote.ts'
import { type FeedError, notImplemented } from '../feed-error.ts'
import type { Arithmetic } from './expression.ts'
import { FUNCTIONS, type OperandType } from './functions.ts'
import { type Bound, type FeedValue, isType, withArticle } from './value.ts'

/** A call of a function with operands of its types. Throws what `invalid` makes of the reason where they are not. */
export function bindCall(name: string, operands: readonly Bound[], invalid: (what: string) => FeedError): Bound {
  const called = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  if (!called) throw invalid(`there is no function ${shorten(name)}`)
  const fits = (types: readonly OperandType[]) =>
    types.length === operands.length && types.every((type, index) => isTaken(operands[index] ?? NULL, type))
  if (!called.takes.some(fits)) throw invalid(`${name} takes ${called.takes.map(inWords).join(', or ')}`)
  if (called.isOfClock && operands.some(({ hasOffset }) => hasOffset))
    throw notImplemented(`${name} of an instant with another offset than UTC's is not supported in $filter.`)
  const evaluate = called.valueOf as (...values: FeedValue[]) => FeedValue
  return {
    type: called.gives,
    isIntegral: called.isIntegral ?? false,
    valueOf: (row) => {
      const values = operands.map((operand) => operand.valueOf(row))
      return values.includes(null) ? null : evaluate(...values)
    },
  }
}

const NULL: Bound = { type: 'null', valueOf: () => null }

const isTaken = (operand: Bound, type: OperandType) =>
  type === 'whole number' ? isType(operand, 'number') && (operand.type === 'null' || operand.isIntegral === true) : isType(operand, type)

const inWords = (types: readonly OperandType[]) => types.map(withArticle).join(' and ')

/** Undefined is what a division of whole numbers by zero comes to. */
const OPERATIONS: Record<Arithmetic, (left: number, right: number, isIntegral: boolean) => number | undefined> = {
  add: (left, right) => left + right,
  sub: (left, right) => left - right,
  mul: (left, right) => left * right,
  div: (left, right, isIntegral) => (isIntegral ? (right === 0 ? undefined : Math.trunc(left / right)) : left / right),
  mod: (left, right, isIntegral) => (isIntegral && right === 0 ? undefined : left % right),
}

/** Two numbers as one. Of whole numbers the result is one, too. https://docs.oasis-open.org/odata/odata/v4.0/odata-v4.0-part2-url-conventions.html#_Arithmetic_Operators */
export function bindArithmetic(operator: Arithmetic, left: Bound, right: Bound, invalid: (what: string) => FeedError): Bound {
  if ([left, right].some(({ type }) => type === 'instant' || type === 'time'))
    throw notImplemented('Durations are not supported in $filter.')
  if (!isType(left, 'number') || !isType(right, 'number')) throw invalid(`${operator} takes two numbers`)
  const isIntegral = left.isIntegral === true && right.isIntegral === true
  const operate = OPERATIONS[operator]
  return {
    type: 'number',
    isIntegral,
    valueOf: (row) => {
      const [one, other] = [left.valueOf(row), right.valueOf(row)]
      return typeof one === 'number' && typeof other === 'number' ? (operate(one, other, isIntegral) ?? null) : null
    },
  }
}

export function bindNegation(operand: Bound, invalid: (what: string) => FeedError): Bound {
  if (!isType(operand, 'number')) throw invalid(`- takes a number, and no ${operand.type}`)
  return {
    ...operand,
    type: 'number',
    valueOf: (row) => {
      const value = operand.valueOf(row)
      return typeof value === 'number' ? -value : null
    },
  }
}
