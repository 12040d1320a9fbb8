import type { Filter, Literal, Operator } from './filter.ts'
import { keysOf, readProperties, type Row, timestampOf } from './row.ts'
import type { Properties } from './properties.ts'

/** A row under a filter: its properties are read from their text only when a comparison asks for one. */
class Candidate {
  readonly #key: string
  readonly #row: Row
  #keys: ReturnType<typeof keysOf> | undefined
  #properties: Properties | undefined

  constructor(key: string, row: Row) {
    this.#key = key
    this.#row = row
  }

  value(name: string): unknown {
    if (name === 'PartitionKey') return (this.#keys ??= keysOf(this.#key)).partitionKey
    if (name === 'RowKey') return (this.#keys ??= keysOf(this.#key)).rowKey
    if (name === 'Timestamp') return timestampOf(this.#row)
    return (this.#properties ??= readProperties(this.#row))[name]
  }

  type(name: string): unknown {
    if (name === 'Timestamp') return 'Edm.DateTime'
    return name === 'PartitionKey' || name === 'RowKey' ? undefined : this.#properties?.[`${name}@odata.type`]
  }
}

export const matches = (filter: Filter, key: string, row: Row) => holds(filter, new Candidate(key, row))

function holds(filter: Filter, candidate: Candidate): boolean {
  switch (filter.kind) {
    case 'and':
      return holds(filter.left, candidate) && holds(filter.right, candidate)
    case 'or':
      return holds(filter.left, candidate) || holds(filter.right, candidate)
    case 'not':
      return !holds(filter.operand, candidate)
    case 'comparison':
      return compares(filter.operator, orderOf(candidate, filter.property, filter.literal))
  }
}

/** Undefined where the row lacks the property or holds another type: then no comparison is true, not even `ne`. */
function orderOf(candidate: Candidate, property: string, literal: Literal): number | undefined {
  const value = candidate.value(property)
  if (value === undefined) return undefined
  if (literal.type === 'boolean') return typeof value === 'boolean' ? Number(value) - Number(literal.value) : undefined
  if (literal.type === 'number') return typeof value === 'number' ? value - literal.value : undefined
  return typeof value === 'string' ? orderOfText(value, candidate.type(property), literal) : undefined
}

function orderOfText(value: string, type: unknown, literal: Exclude<Literal, { type: 'boolean' | 'number' }>): number | undefined {
  switch (literal.type) {
    case 'string':
      return type === undefined ? order(value, literal.value) : undefined
    case 'long':
      return type === 'Edm.Int64' ? order(BigInt(value), BigInt(literal.value)) : undefined
    case 'guid':
      return type === 'Edm.Guid' ? order(value.toLowerCase(), literal.value) : undefined
    case 'instant':
      return type === 'Edm.DateTime' ? Date.parse(value) - literal.value : undefined
  }
}

const order = <T extends string | bigint>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0)

function compares(operator: Operator, order: number | undefined): boolean {
  if (order === undefined) return false
  switch (operator) {
    case 'eq':
      return order === 0
    case 'ne':
      return order !== 0
    case 'gt':
      return order > 0
    case 'ge':
      return order >= 0
    case 'lt':
      return order < 0
    case 'le':
      return order <= 0
  }
}
