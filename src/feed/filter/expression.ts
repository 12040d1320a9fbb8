export const COMPARISONS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const
export type Comparison = (typeof COMPARISONS)[number]

/** A literal of a filter. An instant's text is its `instantKey`. */
export type Literal =
  | { kind: 'literal'; type: 'text' | 'instant'; value: string }
  | { kind: 'literal'; type: 'number'; value: number }
  | { kind: 'literal'; type: 'boolean'; value: boolean }
  | { kind: 'literal'; type: 'null'; value: null }

/** A filter as it was written, not yet compared with a set's properties. */
export type Expression =
  | Literal
  | { kind: 'property'; name: string }
  | { kind: 'call'; name: string; operands: Expression[] }
  | { kind: 'not'; operand: Expression }
  | { kind: 'and' | 'or'; operands: Expression[] }
  | { kind: 'compare'; operator: Comparison; left: Expression; right: Expression }
  | { kind: 'in'; operand: Expression; values: Literal[] }
