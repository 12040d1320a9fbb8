import type { MachineRow, MachineState } from '../store/index.ts'

/** How a machine stands now. */
export interface LatestObservation {
  /** null for a machine that was never observed: no observation is not an empty one. */
  missing: number | null
  /** The start of a snapshot, ISO 8601 UTC; null when nothing is missing. */
  oldestMissingAt: string | null
  lastObservedSnapshotId: string | null
  /** What was never settled is unknown. */
  state: MachineState
}

export function latestObservation(row: Pick<MachineRow, keyof LatestObservation>): LatestObservation {
  const isObserved = row.lastObservedSnapshotId !== ''
  return {
    missing: isObserved ? row.missing : null,
    oldestMissingAt: row.oldestMissingAt,
    lastObservedSnapshotId: isObserved ? row.lastObservedSnapshotId : null,
    state: row.state === '' ? 'unknown' : row.state,
  }
}
