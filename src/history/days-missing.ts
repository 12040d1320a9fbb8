import { snapshotStart } from '../store/index.ts'

const DAY_MS = 86_400_000

/**
 * Whole days between the starts of two snapshots: the one that opened an interval, and the one that closed it, or, while it is open,
 * the one that is asked about.
 */
export function daysMissing(appearedSnapshotId: string, untilSnapshotId: string): number {
  const milliseconds = snapshotStart(untilSnapshotId).getTime() - snapshotStart(appearedSnapshotId).getTime()
  return Math.max(0, Math.floor(milliseconds / DAY_MS))
}
