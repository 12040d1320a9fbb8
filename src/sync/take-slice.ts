import type { Phase, SnapshotRow } from '../store/index.ts'
import { closeLeft } from './close-left.ts'
import { listMachines } from './list-machines.ts'
import { observeMachines } from './observe-machines.ts'
import { recover } from './recover.ts'
import { retryUnknown } from './retry-unknown.ts'
import type { Slice, Stop } from './slice.ts'
import { writeTotals } from './totals.ts'

/** How a slice ended: with the snapshot, or with a reason to go on in a later one. */
export type SliceResult = { kind: 'ended'; status: SnapshotRow['status'] } | { kind: 'more'; stop: Stop }

/** What each phase does, and where it leads. A phase without work to do is passed over. */
const RECIPE: Record<
  Exclude<Phase, 'ended'>,
  { work: (slice: Slice) => Promise<'done' | 'more'>; next: (snapshot: SnapshotRow) => Phase }
> = {
  listing: { work: listMachines, next: () => 'observing' },
  observing: { work: observeMachines, next: (snapshot) => (snapshot.unknown > 0 ? 'retrying' : afterRetrying(snapshot)) },
  retrying: { work: retryUnknown, next: afterRetrying },
  closing: { work: closeLeft, next: () => 'totals' },
  totals: { work: writeTotals, next: () => 'ended' },
}

function afterRetrying(snapshot: SnapshotRow): Phase {
  return snapshot.notListed > 0 ? 'closing' : 'totals'
}

/**
 * Does one bounded part of a snapshot, from wherever the last slice left it. A plain function of what the slice holds: whoever
 * has the tenant's lease may call it, a timer today, a queue or an orchestration tomorrow.
 */
export async function takeSlice(slice: Slice, previousWasKilled: boolean): Promise<SliceResult> {
  const { snapshot } = slice
  if (previousWasKilled) await recover(slice)
  while (snapshot.phase !== 'ended') {
    const { work, next } = RECIPE[snapshot.phase]
    const outcome = await work(slice)
    if (slice.stopped?.kind === 'refused' && snapshot.phase !== 'totals') await fail(slice, slice.stopped)
    else if (outcome === 'more') break
    else await enter(slice, next(snapshot))
  }
  if (snapshot.phase === 'ended') return { kind: 'ended', status: snapshot.status }
  snapshot.stalledSlices = slice.stalledSlices
  await writeSnapshot(slice)
  return { kind: 'more', stop: slice.stopped ?? { kind: 'deadline' } }
}

/** Writes down that a phase is over before the next begins: a resumed snapshot looks for unfinished machines in the right one. */
async function enter(slice: Slice, phase: Phase): Promise<void> {
  const { snapshot } = slice
  snapshot.phase = phase
  snapshot.cursor = ''
  snapshot.stalledSlices = 0
  if (phase === 'observing') await markBaseline(slice)
  if (phase === 'ended') {
    snapshot.status = endStatus(snapshot)
    snapshot.finishedAt = new Date(slice.now).toISOString()
  }
  await writeSnapshot(slice)
}

/** The first listing that brought machines is the ground that all history stands on. */
async function markBaseline(slice: Slice): Promise<void> {
  if (slice.lease.tenant.baselineSnapshotId === '' && slice.snapshot.listed > 0) {
    await slice.lease.update({ baselineSnapshotId: slice.snapshotId })
  }
}

/** Defender refuses the app: what was observed stays and is counted, and the snapshot ends as failed. */
async function fail(slice: Slice, { fault }: Extract<Stop, { kind: 'refused' }>): Promise<void> {
  slice.snapshot.errorCode = fault.code
  slice.snapshot.errorDetail = fault.detail
  slice.snapshot.status = 'failed'
  await slice.lease.update({ blockedCode: fault.code, blockedDetail: fault.detail, blockedAt: new Date(slice.now).toISOString() })
  await enter(slice, 'totals')
}

/** `completed` takes every machine observed and a listing read to its end. */
export function endStatus(snapshot: Pick<SnapshotRow, 'status' | 'listed' | 'unknown' | 'listingComplete'>): SnapshotRow['status'] {
  if (snapshot.status === 'failed' || (!snapshot.listingComplete && snapshot.listed === 0)) return 'failed'
  return snapshot.unknown === 0 && snapshot.listingComplete ? 'completed' : 'incomplete'
}

async function writeSnapshot(slice: Slice): Promise<void> {
  Object.assign(slice.snapshot, slice.running)
  await slice.store.snapshots.write(slice.tenantId, slice.snapshot)
}
