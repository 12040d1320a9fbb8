import { holds, OPERATORS } from '../odata/condition.ts'
import type { Comparison, Filter, Literal } from './filter.ts'
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

export function matches(filter: Filter, key: string, row: Row): boolean {
  const candidate = new Candidate(key, row)
  return holds(filter, (comparison) => {
    const order = orderOf(candidate, comparison)
    return order !== undefined && OPERATORS[comparison.operator](order)
  })
}

/** Undefined where the row lacks the property or holds another type: then no comparison is true, not even `ne`. */
function orderOf(candidate: Candidate, { property, literal }: Comparison): number | undefined {
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
