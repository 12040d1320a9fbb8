import { isAssessed } from './assessed.ts'
import { GAP_CAUSES, type GapCause } from './gap.ts'
import type { Machine } from './machine.ts'
import { isAsked } from './onboarding.ts'

/** Why a machine, as its row is when a snapshot ends, is not assessed in it; null if it is. */
export function gapCauseIn(machine: Machine, snapshotId: string): GapCause | null {
  const { state, settledSnapshotId, lastListedSnapshotId } = machine
  const isSettled = settledSnapshotId === snapshotId
  // One that is listed again has come back, asked or not.
  const isDue = lastListedSnapshotId === snapshotId && (isAsked(machine, snapshotId) || state === 'removed')
  if (!isSettled && isDue) return GAP_CAUSES.notAsked
  if (state === 'removed') return GAP_CAUSES.removed
  if (state === 'skipped') return whySkipped(machine)
  if (!isSettled) return GAP_CAUSES.notAsked
  return whyUnassessed(machine)
}

/** Why a machine is not assessed by its own row, whichever snapshot dealt with it last. */
export function gapCauseOf(machine: Machine): GapCause | null {
  return machine.settledSnapshotId === null ? GAP_CAUSES.notAsked : gapCauseIn(machine, machine.settledSnapshotId)
}

function whySkipped({ filteredOut, code }: Machine): GapCause {
  if (filteredOut) return GAP_CAUSES.filteredOut
  return code === null ? GAP_CAUSES.platformNotAsked : { kind: 'skipped', code }
}

function whyUnassessed(machine: Machine): GapCause | null {
  const { state, code, lastObservedSnapshotId, observedLastSeen } = machine
  if (state !== 'observed' || lastObservedSnapshotId === null) return { kind: 'unknown', code: code ?? GAP_CAUSES.notAsked.code }
  if (isAssessed(machine, lastObservedSnapshotId)) return null
  return observedLastSeen === null ? GAP_CAUSES.neverReported : GAP_CAUSES.silent
}
