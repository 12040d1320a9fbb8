export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'

export type Arithmetic = 'add' | 'sub' | 'mul' | 'div' | 'mod'

/** A literal of a filter. An instant's text is its `instantKey`, a time of day's is `12:00:00.0000000`. */
export type Literal =
  | { kind: 'literal'; type: 'text' | 'time'; value: string }
  /** One that was written `+02:00` has a clock of its own, which its key does not tell. */
  | { kind: 'literal'; type: 'instant'; value: string; hasOffset?: boolean }
  /** `2` is a whole number, `2.0` and `2e0` are not. */
  | { kind: 'literal'; type: 'number'; value: number; isIntegral: boolean }
  | { kind: 'literal'; type: 'boolean'; value: boolean }
  | { kind: 'literal'; type: 'null'; value: null }

/** A filter as it was written, not yet compared with a set's properties. */
export type Expression =
  | Literal
  | { kind: 'property'; name: string }
  | { kind: 'call'; name: string; operands: Expression[] }
  | { kind: 'not' | 'negate'; operand: Expression }
  | { kind: 'arithmetic'; operator: Arithmetic; left: Expression; right: Expression }
  | { kind: 'and' | 'or'; operands: Expression[] }
  | { kind: 'compare'; operator: Comparison; left: Expression; right: Expression }
  | { kind: 'in'; operand: Expression; values: Literal[] }
