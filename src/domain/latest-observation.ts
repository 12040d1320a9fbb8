import { type ShownState, shownState } from './assessed.ts'
import type { Machine } from './machine.ts'

/** How a machine stands now. */
export interface LatestObservation {
  /** null for a machine that was never observed: no observation is not an empty one. */
  missing: number | null
  /** The start of a snapshot, ISO 8601 UTC; null when nothing is missing. */
  oldestMissingAt: string | null
  lastObservedSnapshotId: string | null
  /** What was never settled is unknown. */
  state: ShownState
}

export function latestObservation(machine: Pick<Machine, keyof LatestObservation | 'observedAt' | 'observedLastSeen'>): LatestObservation {
  const { missing, oldestMissingAt, lastObservedSnapshotId } = machine
  return { missing: lastObservedSnapshotId === null ? null : missing, oldestMissingAt, lastObservedSnapshotId, state: shownState(machine) }
}
