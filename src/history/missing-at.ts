import type { Interval } from '../store/index.ts'

/** The intervals that hold at a snapshot's end: opened in it or before, and not closed by then. */
export function missingAt(intervals: readonly Interval[], snapshotId: string): Interval[] {
  return intervals.filter(
    ({ appearedSnapshotId, resolvedSnapshotId }) =>
      appearedSnapshotId <= snapshotId && (resolvedSnapshotId === '' || resolvedSnapshotId > snapshotId),
  )
}
