import { isSnapshotId, snapshotIdOf } from '../../domain/index.ts'
import type { Expression } from '../filter/expression.ts'
import { possibleValuesOf, intersect, mapPossible, type PossibleValues, rangeOf } from '../filter/possible-values.ts'
import { instantMs } from '../instant.ts'

/**
 * The snapshots that a filter is about, by their ids: from what it says of the id itself and of the instant of their start. An instant
 * within a second means the snapshot of that second: it may be one too many, never one too few.
 */
export function possibleSnapshotIds(filter: Expression | undefined, instantProperty: string): PossibleValues {
  const byInstant = mapPossible(possibleValuesOf(filter, instantProperty), (key) => snapshotIdOf(instantMs(key)))
  return intersect(possibleValuesOf(filter, 'snapshotId'), byInstant)
}

/** The ids from the first to the last that the filter can mean, at most up to `last`; undefined if there is none. */
export function snapshotIdRange(possible: PossibleValues, last: string | null): { from: string; to: string } | undefined {
  // Whoever writes a filter may compare with any text: what is no snapshot's id is no end to read up to.
  const range = rangeOf(possible.kind === 'values' ? { ...possible, values: possible.values.filter(isSnapshotId) } : possible)
  if (last === null || !range) return undefined
  const { from = '', to = last } = range
  const end = to < last ? to : last
  return from > end ? undefined : { from, to: end }
}
