import type { Lexer } from './lexer.ts'

/** A comparison, of whatever shape a service knows it in. */
interface Leaf {
  kind: 'comparison'
}

/** A `$filter`: comparisons, and what joins them. */
export type Condition<L extends Leaf> =
  L | { kind: 'and' | 'or'; left: Condition<L>; right: Condition<L> } | { kind: 'not'; operand: Condition<L> }

/** Whether a comparison is true of two values that stand in this order: below 0, 0, or above. */
export const OPERATORS = {
  eq: (order: number) => order === 0,
  ne: (order: number) => order !== 0,
  gt: (order: number) => order > 0,
  ge: (order: number) => order >= 0,
  lt: (order: number) => order < 0,
  le: (order: number) => order <= 0,
}
export type Operator = keyof typeof OPERATORS

export const isOperator = (text: string): text is Operator => Object.hasOwn(OPERATORS, text)

/** Reads a condition to its end: `or` binds weakest, then `and`, then `not`. `readComparison` takes the tokens of one comparison. */
export function readCondition<L extends Leaf>(lexer: Lexer, readComparison: (lexer: Lexer) => L): Condition<L> {
  const condition = readEither(lexer, readComparison)
  lexer.expectEnd()
  return condition
}

function readEither<L extends Leaf>(lexer: Lexer, readComparison: (lexer: Lexer) => L): Condition<L> {
  let left = readBoth(lexer, readComparison)
  while (lexer.takeWord('or')) left = { kind: 'or', left, right: readBoth(lexer, readComparison) }
  return left
}

function readBoth<L extends Leaf>(lexer: Lexer, readComparison: (lexer: Lexer) => L): Condition<L> {
  let left = readOne(lexer, readComparison)
  while (lexer.takeWord('and')) left = { kind: 'and', left, right: readOne(lexer, readComparison) }
  return left
}

function readOne<L extends Leaf>(lexer: Lexer, readComparison: (lexer: Lexer) => L): Condition<L> {
  if (lexer.takeWord('not')) return { kind: 'not', operand: readOne(lexer, readComparison) }
  if (!lexer.takeMark('(')) return readComparison(lexer)
  const inner = readEither(lexer, readComparison)
  lexer.expectMark(')')
  return inner
}

/** Whether a condition is true where `isTrue` says so of its comparisons. */
export function holds<L extends Leaf>(condition: Condition<L>, isTrue: (comparison: L) => boolean): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, isTrue) && holds(condition.right, isTrue)
    case 'or':
      return holds(condition.left, isTrue) || holds(condition.right, isTrue)
    case 'not':
      return !holds(condition.operand, isTrue)
    case 'comparison':
      return isTrue(condition)
  }
}
