import type { Literal } from './expression.ts'

export type FeedValue = string | number | boolean | null
export type FeedRow = Readonly<Record<string, FeedValue>>

export type ValueType = Literal['type']

/** An expression that fits a set: its type, and its value for a row. Unknown, as OData has it, is null. */
export interface Bound {
  type: ValueType
  /** Its numbers have no fraction. */
  isIntegral?: boolean
  /** It is an instant by another clock than UTC. */
  hasOffset?: boolean
  valueOf(row: FeedRow): FeedValue
}

/** null goes with every type. */
export const isType = (bound: Bound, type: ValueType) => bound.type === type || bound.type === 'null'

/** A type in a message: `an instant`, `a text`. */
export const withArticle = (type: string) => `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`
