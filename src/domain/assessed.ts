import { MACHINE_STATES, type Machine } from './machine.ts'
import { isSilent } from './reasons.ts'
import type { Snapshot } from './snapshot.ts'
import { snapshotStartAt } from './snapshot-id.ts'

/** How a machine stands as it is shown: `silent` is one that was observed, and of which Defender has forgotten what it knew. */
export const SHOWN_STATES = [...MACHINE_STATES, 'silent'] as const
export type ShownState = (typeof SHOWN_STATES)[number]

type Observed = Pick<Machine, 'observedLastSeen' | 'observedAt'>

/** Whether what an observation said of a machine is worth something: its last report is at most 30 days old then, and there was one. */
export function isAssessed({ observedLastSeen, observedAt }: Observed, observedSnapshotId: string): boolean {
  const startedAt = snapshotStartAt(observedSnapshotId)
  // Ids may be ahead of the time after a clock was.
  const at = observedAt !== null && Date.parse(observedAt) < Date.parse(startedAt) ? observedAt : startedAt
  return observedLastSeen !== null && !isSilent({ startedAt: at, lastSeen: observedLastSeen })
}

export function shownState(machine: Observed & Pick<Machine, 'state' | 'lastObservedSnapshotId'>): ShownState {
  const { state, lastObservedSnapshotId } = machine
  return state === 'observed' && lastObservedSnapshotId !== null && !isAssessed(machine, lastObservedSnapshotId)
    ? 'silent'
    : (state ?? 'unknown')
}

/** Machines assessed of those to be asked, 0 to 1; null where an older version, or a snapshot under way, did not count the silent ones. */
export function assessedOf({
  status,
  wanted,
  observed,
  silent,
}: Pick<Snapshot, 'status' | 'wanted' | 'observed' | 'silent'>): number | null {
  if (silent === null) return null
  if (wanted > 0) return Math.min(1, Math.max(0, observed - silent) / wanted)
  return status === 'completed' || status === 'incomplete' ? 1 : 0
}
