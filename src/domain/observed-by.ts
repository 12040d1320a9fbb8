import type { Interval } from './interval.ts'
import type { Machine } from './machine.ts'

/**
 * Whether a machine had been observed by a snapshot's end, so that "missing nothing" is what was seen and not that nothing was. null
 * where the rows do not tell: it was observed since, and no interval opened in its first observation.
 */
export function wasObservedBy(
  { lastObservedSnapshotId }: Pick<Machine, 'lastObservedSnapshotId'>,
  intervals: readonly Interval[],
  snapshotId: string,
): boolean | null {
  if (lastObservedSnapshotId === null) return false
  if (lastObservedSnapshotId <= snapshotId || intervals.some((interval) => interval.appearedSnapshotId <= snapshotId)) return true
  // Only the first observation of a machine has these reasons.
  return intervals.some(({ appearedReason }) => appearedReason === 'baseline' || appearedReason === 'machineAdded') ? false : null
}
