import type { Comparison } from './expression.ts'

type Value = string | number | boolean | null

/**
 * Two values of one type, as OData compares them: null equals null only, and is neither before nor after anything. Texts compare by
 * their code units, like the keys of Table Storage.
 * https://docs.oasis-open.org/odata/odata/v4.0/odata-v4.0-part2-url-conventions.html#_Logical_Operators
 */
export function compareValues(operator: Comparison, left: Value, right: Value): boolean {
  switch (operator) {
    case 'eq':
      return left === right
    case 'ne':
      return left !== right
    case 'gt':
      return left !== null && right !== null && left > right
    case 'lt':
      return left !== null && right !== null && left < right
    case 'ge':
      return left === right || compareValues('gt', left, right)
    case 'le':
      return left === right || compareValues('lt', left, right)
  }
}
