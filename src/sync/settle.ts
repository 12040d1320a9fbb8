import {
  cachedKbIds,
  cacheKbIds,
  type Interval,
  isOpen,
  type MachineOutcome,
  type MachinePartition,
  type MachineRow,
  snapshotStartText,
  type TransitionOutcome,
} from '../store/index.ts'
import type { Fault } from '../defender/index.ts'
import { applyTransition, compare, rewind, sameKbs, type Settlement } from './compare.ts'
import { LeaseLostError } from './lease.ts'
import { projectChanges } from './project.ts'
import { newestReport } from './reasons.ts'
import type { Slice } from './slice.ts'
import { staysSkipped } from './to-do.ts'

/** What a machine answered. */
type Answer = Pick<Settlement, 'kbs' | 'dropped' | 'observedAt'>

/** Settles a machine with an answer: nothing but its line in a batch when the same KBs are missing, else a transition. */
export async function settleObserved(slice: Slice, row: MachineRow, { kbs, dropped, observedAt }: Answer): Promise<void> {
  slice.kbs.see(kbs)
  const cached = row.lastObservedSnapshotId === '' ? undefined : cachedKbIds(row)
  if (cached && sameKbs(cached, kbs)) return slice.journal.add(unchangedOutcome(slice, row, observedAt), [])
  await settle(slice, row, settlementOf(slice, row, 'observed', { kbs, dropped, observedAt }))
}

/** Settles a machine that is gone, or no longer wanted: closes all its intervals. */
export async function settleGone(slice: Slice, row: MachineRow, outcome: 'removed' | 'excluded'): Promise<void> {
  await settle(slice, row, settlementOf(slice, row, outcome, { kbs: [], dropped: 0, observedAt: new Date(slice.now).toISOString() }))
}

/** Settles a machine that gave no answer: its intervals stay as they are, and the cause is stored. */
export async function settleUnknown(
  slice: Slice,
  row: MachineRow,
  cause: { fault: Fault; attempts: number },
  retry: boolean,
): Promise<void> {
  const { fault, attempts } = cause
  const outcome: MachineOutcome = {
    ...keptObservation(row),
    settledSnapshotId: slice.snapshotId,
    state: 'unknown',
    code: fault.code,
    detail: fault.detail,
    status: fault.status ?? 0,
    attempts,
    retryInSnapshotId: retry ? slice.snapshotId : '',
    filteredOut: false,
  }
  await slice.journal.add(outcome, [])
}

/** Settles a listed machine whose platform is not asked for. */
export async function settleSkipped(slice: Slice, row: MachineRow): Promise<void> {
  if (staysSkipped(row)) return
  if (row.missing > 0) return settleGone(slice, row, 'excluded')
  await slice.journal.add({ ...settledOutcome(slice, row, 'excluded', []), changedSnapshotId: row.changedSnapshotId }, [])
}

/**
 * Finishes what a killed slice committed for a machine and did not project. Returns false when it committed nothing.
 */
export async function settleCommitted(slice: Slice, row: MachineRow): Promise<boolean> {
  const state = await slice.store.missingKbs.state(slice.tenantId, row.machineId)
  if (state?.snapshotId !== slice.snapshotId) return false
  await settleAgain(slice, row, await slice.store.missingKbs.read(slice.tenantId, row.machineId))
  return true
}

/** Others can only be ahead of us when we lost the lease; a lost answer of our own shows as `outdated` once. */
const COMMIT_ATTEMPTS = 3

async function settle(slice: Slice, row: MachineRow, settlement: Settlement): Promise<void> {
  let partition = row.lastObservedSnapshotId === '' ? { state: undefined, intervals: [] } : await readPartition(slice, row)
  for (let attempt = 1; attempt <= COMMIT_ATTEMPTS; attempt++) {
    if (partition.state?.snapshotId === slice.snapshotId) return settleAgain(slice, row, partition)
    const changed = compare(partition.intervals, settlement)
    if (changed.length === 0) return record(slice, row, settlement.outcome, settlement.observedAt, partition.intervals)
    const transition = { ...settlement, changed, resumeFrom: JSON.stringify(settlement) }
    if ((await slice.store.missingKbs.commit(slice.tenantId, row.machineId, transition, partition.state)) === 'written') {
      return record(slice, row, settlement.outcome, settlement.observedAt, applyTransition(partition.intervals, changed))
    }
    partition = await readPartition(slice, row)
  }
  throw new LeaseLostError(`machine ${row.machineId} keeps being changed by someone else`)
}

const readPartition = (slice: Slice, row: MachineRow) => slice.store.missingKbs.read(slice.tenantId, row.machineId)

/** Projects a transition that this snapshot committed before; completes it first if it was cut off between two transactions. */
async function settleAgain(slice: Slice, row: MachineRow, partition: MachinePartition): Promise<void> {
  const { state } = partition
  if (!state) throw new LeaseLostError(`the state of machine ${row.machineId} went away`)
  if (state.pending === '') return record(slice, row, state.outcome, state.observedAt, partition.intervals)
  const settlement = JSON.parse(state.pending) as Settlement
  const before = rewind(partition.intervals, slice.snapshotId)
  const changed = compare(before, settlement)
  const transition = { ...settlement, changed, resumeFrom: state.pending }
  if ((await slice.store.missingKbs.commit(slice.tenantId, row.machineId, transition, state)) === 'outdated') {
    throw new LeaseLostError(`machine ${row.machineId} was changed by someone else`)
  }
  await record(slice, row, settlement.outcome, settlement.observedAt, applyTransition(before, changed))
}

async function record(
  slice: Slice,
  row: MachineRow,
  outcome: TransitionOutcome,
  observedAt: string,
  intervals: readonly Interval[],
): Promise<void> {
  const changes = projectChanges(row, intervals, slice.snapshotId)
  slice.kbs.see(intervals.filter((interval) => interval.appearedSnapshotId === slice.snapshotId))
  const settled = settledOutcome(slice, row, outcome, intervals.filter(isOpen))
  const changedSnapshotId = changes.length > 0 ? slice.snapshotId : row.changedSnapshotId
  await slice.journal.add({ ...settled, changedSnapshotId, ...(outcome === 'observed' && { observedAt }) }, changes)
}

function settlementOf(slice: Slice, row: MachineRow, outcome: TransitionOutcome, { kbs, dropped, observedAt }: Answer): Settlement {
  return {
    snapshotId: slice.snapshotId,
    outcome,
    observedAt,
    kbs,
    dropped,
    evidence: {
      // Ids never go back, and may be ahead of the time after a clock was.
      startedAt: earlier(snapshotStartText(slice.snapshotId), new Date(slice.now).toISOString()),
      firstObservation: row.lastObservedSnapshotId === '',
      baseline: row.baseline,
      lastSeen: newestReport(row, slice.now),
      observedLastSeen: row.observedLastSeen,
    },
    lastObservedSnapshotId: row.lastObservedSnapshotId,
  }
}

function keptObservation(row: MachineRow) {
  const { machineId, lastObservedSnapshotId, observedAt, observedLastSeen, missingKbIds, missing, oldestMissingAt, changedSnapshotId } = row
  return { machineId, lastObservedSnapshotId, observedAt, observedLastSeen, missingKbIds, missing, oldestMissingAt, changedSnapshotId }
}

const SETTLED = { code: '', detail: '', status: 0, attempts: 0, retryInSnapshotId: '' } as const

function unchangedOutcome({ snapshotId, now }: Slice, row: MachineRow, observedAt: string): MachineOutcome {
  const kept = keptObservation(row)
  const observed = { lastObservedSnapshotId: snapshotId, observedAt, observedLastSeen: newestReport(row, now) }
  return { ...kept, ...observed, ...SETTLED, settledSnapshotId: snapshotId, state: 'observed', filteredOut: false }
}

const earlier = (one: string, other: string) => (Date.parse(one) <= Date.parse(other) ? one : other)

const STATE_OF = { observed: 'observed', removed: 'removed', excluded: 'skipped' } as const

function settledOutcome(
  { snapshotId, now }: Slice,
  row: MachineRow,
  outcome: TransitionOutcome,
  open: readonly Interval[],
): MachineOutcome {
  const oldest = open.map((interval) => interval.appearedSnapshotId).sort()[0]
  return {
    ...keptObservation(row),
    ...SETTLED,
    ...(outcome === 'observed' && { lastObservedSnapshotId: snapshotId, observedLastSeen: newestReport(row, now) }),
    settledSnapshotId: snapshotId,
    state: STATE_OF[outcome],
    missingKbIds: cacheKbIds(open.map((interval) => interval.kbId)),
    missing: open.length,
    oldestMissingAt: oldest === undefined ? null : snapshotStartText(oldest),
    // A machine of a wanted platform is excluded by MACHINE_FILTER only.
    filteredOut: outcome === 'excluded' && row.wanted,
  }
}
