import { DAY_MS } from './instant.ts'
import { snapshotStartMs } from './snapshot-id.ts'

/** Whole days from one instant to another (ms); below 0 where that one is earlier. */
export const wholeDays = (fromMs: number, toMs: number): number => Math.floor((toMs - fromMs) / DAY_MS)

/**
 * Whole days between the starts of two snapshots: the one that opened an interval, and the one that closed it, or, while it is open,
 * the one that is asked about.
 */
export function daysMissing(appearedSnapshotId: string, untilSnapshotId: string): number {
  return Math.max(0, Math.floor((snapshotStartMs(untilSnapshotId) - snapshotStartMs(appearedSnapshotId)) / DAY_MS))
}
