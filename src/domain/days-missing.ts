import { DAY_MS } from './instant.ts'
import { snapshotStartMs } from './snapshot-id.ts'

/**
 * Whole days between the starts of two snapshots: the one that opened an interval, and the one that closed it, or, while it is open,
 * the one that is asked about.
 */
export function daysMissing(appearedSnapshotId: string, untilSnapshotId: string): number {
  return Math.max(0, Math.floor((snapshotStartMs(untilSnapshotId) - snapshotStartMs(appearedSnapshotId)) / DAY_MS))
}
