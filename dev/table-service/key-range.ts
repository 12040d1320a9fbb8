import type { Operator } from '../odata/condition.ts'
import type { Filter } from './filter.ts'
import { afterPartition, keyOf } from './row.ts'

/** Texts with `from <= text < to`; no `to` is no upper bound. */
export interface Bounds {
  from: string
  to: string | undefined
}

interface Box {
  partitionKey: Bounds
  rowKey: Bounds
}

/** The least text that is greater than `text`, among those without control characters. */
const after = (text: string) => `${text}\u0000`

const EVERYTHING: Bounds = { from: '', to: undefined }
const ANY: Box = { partitionKey: EVERYTHING, rowKey: EVERYTHING }

/**
 * The smallest range of keys that holds every row of the filter, as far as its comparisons of PartitionKey and RowKey tell:
 * what lies in it costs, what lies outside is never looked at.
 */
export function keyRangeOf(filter: Filter | undefined): Bounds {
  const { partitionKey, rowKey } = filter ? boxOf(filter) : ANY
  const onePartition = partitionKey.to === after(partitionKey.from)
  if (onePartition) {
    const name = partitionKey.from
    return { from: keyOf(name, rowKey.from), to: rowKey.to === undefined ? afterPartition(name) : keyOf(name, rowKey.to) }
  }
  return { from: firstKey(partitionKey.from), to: partitionKey.to === undefined ? undefined : firstKey(partitionKey.to) }
}

/** The least key of any partition that is not below this bound. */
const firstKey = (bound: string) => (bound.endsWith('\u0000') ? afterPartition(bound.slice(0, -1)) : keyOf(bound, ''))

/** The partition that the filter is about, if it is about one. */
export function partitionOf(filter: Filter | undefined): string | undefined {
  const { partitionKey } = filter ? boxOf(filter) : ANY
  return partitionKey.to === after(partitionKey.from) ? partitionKey.from : undefined
}

function boxOf(filter: Filter): Box {
  switch (filter.kind) {
    case 'and':
      return join(boxOf(filter.left), boxOf(filter.right), intersection)
    case 'or':
      return join(boxOf(filter.left), boxOf(filter.right), hull)
    case 'not':
      return ANY
    case 'comparison': {
      if (filter.literal.type !== 'string') return ANY
      if (filter.property === 'PartitionKey') return { ...ANY, partitionKey: boundsOf(filter.operator, filter.literal.value) }
      if (filter.property === 'RowKey') return { ...ANY, rowKey: boundsOf(filter.operator, filter.literal.value) }
      return ANY
    }
  }
}

function boundsOf(operator: Operator, text: string): Bounds {
  switch (operator) {
    case 'eq':
      return { from: text, to: after(text) }
    case 'ge':
      return { from: text, to: undefined }
    case 'gt':
      return { from: after(text), to: undefined }
    case 'le':
      return { from: '', to: after(text) }
    case 'lt':
      return { from: '', to: text }
    case 'ne':
      return EVERYTHING
  }
}

const join = (a: Box, b: Box, combine: (a: Bounds, b: Bounds) => Bounds): Box => ({
  partitionKey: combine(a.partitionKey, b.partitionKey),
  rowKey: combine(a.rowKey, b.rowKey),
})

function intersection(a: Bounds, b: Bounds): Bounds {
  const to = a.to === undefined ? b.to : b.to === undefined || a.to < b.to ? a.to : b.to
  return { from: a.from > b.from ? a.from : b.from, to }
}

function hull(a: Bounds, b: Bounds): Bounds {
  const to = a.to === undefined || b.to === undefined ? undefined : a.to > b.to ? a.to : b.to
  return { from: a.from < b.from ? a.from : b.from, to }
}
