import { isAssessed } from './assessed.ts'
import { type Gap, GAP_CAUSES, gapAt, type GapCause, type OpenGap } from './gap.ts'
import { gapCauseIn, gapCauseOf } from './gap-cause.ts'
import type { Interval } from './interval.ts'
import type { Machine } from './machine.ts'
import type { Snapshot } from './snapshot.ts'
import type { TenantState } from './tenant.ts'

/** Whether a machine was assessed, and if not why and since when. null: nothing was kept that would tell. */
export interface Assessment {
  assessed: boolean | null
  gap?: OpenGap
}

/** What is known of a machine at the end of a snapshot. */
export interface MachineAt {
  machine: Machine
  gaps: readonly Gap[]
  intervals: readonly Pick<Interval, 'appearedSnapshotId'>[]
  snapshot: Pick<Snapshot, 'snapshotId' | 'status' | 'observed'>
  tenant: Pick<TenantState, 'gapsSince' | 'oldestSnapshotId' | 'baselineSnapshotId'>
  /** Why the snapshot's own list has it among those without an observation. */
  witness: GapCause | undefined
}

const ASSESSED: Assessment = { assessed: true }
const NOT_KEPT: Assessment = { assessed: null }

type At = Pick<MachineAt, 'snapshot' | 'tenant'>

/** Whether the snapshot's list is needed: gaps tell of all that a snapshot which did not fail has found, since they are kept. */
export const isWitnessNeeded = ({ snapshot, tenant }: At): boolean => snapshot.status === 'failed' || !isKept({ snapshot, tenant })

const isKept = ({ snapshot, tenant }: At) => tenant.gapsSince !== null && snapshot.snapshotId >= tenant.gapsSince

/** Whether a machine was assessed at the end of a snapshot. */
export function assessmentAt(at: MachineAt): Assessment {
  const { snapshot, gaps, tenant, witness } = at
  const gap = gapAt(gaps, snapshot.snapshotId)
  // One that a failed snapshot lists again, and did not come to, has come back.
  if (gap?.code === GAP_CAUSES.removed.code && !witness) return notAssessed(gap)
  if (isBeforeFirstListing(at)) {
    return notAssessed({ ...GAP_CAUSES.notListed, fromSnapshotId: tenant.oldestSnapshotId ?? snapshot.snapshotId, atLeast: false })
  }
  if (snapshot.status === 'failed') return assessmentAtFailed(at, gap)
  if (gap) return notAssessed(gap)
  return isKept(at) ? ASSESSED : assessmentBeforeGaps(at)
}

function notAssessed({ kind, code, fromSnapshotId, atLeast }: OpenGap): Assessment {
  return { assessed: false, gap: { kind, code, fromSnapshotId, atLeast } }
}

/** Of this one snapshot nothing else is known. */
const inItself = ({ snapshot }: MachineAt, cause: GapCause, atLeast = false): Assessment =>
  notAssessed({ ...cause, fromSnapshotId: snapshot.snapshotId, atLeast })

/** A row of an older version does not tell when the machine was first listed, nor does that of one that is listed and not settled yet. */
function isBeforeFirstListing({ machine, gaps, intervals, snapshot: { snapshotId }, tenant, witness }: MachineAt): boolean {
  const isKnown = intervals.some((one) => one.appearedSnapshotId <= snapshotId) || gaps.some((one) => one.fromSnapshotId <= snapshotId)
  if (witness || isKnown) return false
  const { firstListedSnapshotId, baseline, settledSnapshotId, lastListedSnapshotId } = machine
  const neverSettled = settledSnapshotId === null ? lastListedSnapshotId : null
  const first = baseline ? tenant.baselineSnapshotId : (firstListedSnapshotId ?? neverSettled)
  return first !== null && snapshotId < first
}

/** Only who was observed in it is assessed; who was not is on its list, or was in a gap that it did not close. */
function assessmentAtFailed(at: MachineAt, gap: Gap | undefined): Assessment {
  const { witness, snapshot, machine } = at
  if (witness?.kind === 'silent') return inItself(at, witness)
  if (gap?.kind === 'silent' && !witness && snapshot.observed > 0) return notAssessed(gap)
  if (witness || gap || snapshot.observed === 0) return inItself(at, GAP_CAUSES.notReached)
  if (isKept(at)) return ASSESSED
  const { lastObservedSnapshotId } = machine
  return lastObservedSnapshotId === snapshot.snapshotId ? { assessed: isAssessed(machine, lastObservedSnapshotId) } : NOT_KEPT
}

/** Snapshots that ended before gaps were kept have their own lists; else the machine's row tells, if nothing dealt with it since. */
function assessmentBeforeGaps(at: MachineAt): Assessment {
  const { machine, snapshot, witness } = at
  if (witness) return inItself(at, witness, true)
  const { settledSnapshotId } = machine
  if (settledSnapshotId === null || settledSnapshotId > snapshot.snapshotId) return NOT_KEPT
  const cause = gapCauseIn(machine, snapshot.snapshotId)
  return cause ? inItself(at, cause, true) : ASSESSED
}

/** Whether a machine is assessed by its own row: as of the snapshot that dealt with it last. */
export function assessmentNow(machine: Machine): Assessment {
  const cause = gapCauseOf(machine)
  if (!cause) return ASSESSED
  const { gap, settledSnapshotId, lastListedSnapshotId } = machine
  const isOfRow = gap !== null && gap !== 'unread' && gap.kind === cause.kind && gap.code === cause.code
  if (isOfRow) return notAssessed(gap)
  return notAssessed({ ...cause, fromSnapshotId: settledSnapshotId ?? lastListedSnapshotId ?? '', atLeast: gap === 'unread' })
}
