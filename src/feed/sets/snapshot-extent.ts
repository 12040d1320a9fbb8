import { isSnapshotId, snapshotIdOf } from '../../domain/index.ts'
import type { Expression } from '../filter/expression.ts'
import { extentOf, intersect, mapExtent, type Extent } from '../filter/extent.ts'
import { instantMilliseconds } from '../instant.ts'

/**
 * The snapshots that a filter is about, by their ids: from what it says of the id itself and of the instant of their start. An instant
 * within a second means the snapshot of that second: it may be one too many, never one too few.
 */
export function snapshotExtent(filter: Expression | undefined, instantProperty: string): Extent {
  const byInstant = mapExtent(extentOf(filter, instantProperty), (key) => snapshotIdOf(instantMilliseconds(key)))
  return intersect(extentOf(filter, 'snapshotId'), byInstant)
}

/** The ids from the first to the last that an extent can mean, at most up to `last`; undefined if there is none. */
export function idsOf(extent: Extent, last: string | null): { from: string; to: string } | undefined {
  if (last === null) return undefined
  const ids = extent.kind === 'values' ? extent.values.filter(isSnapshotId) : []
  const { from = '', to = last } =
    extent.kind === 'range' ? extent : extent.kind === 'all' ? {} : { from: ids[0] ?? '~', to: ids.at(-1) ?? '' }
  const end = to < last ? to : last
  return from > end ? undefined : { from, to: end }
}
