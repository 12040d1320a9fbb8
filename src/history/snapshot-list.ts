import { isEnded, pendingSnapshot, type Snapshot, snapshotIdAfter, type TenantState, withRunningCounters } from '../domain/index.ts'
import type { TenantStore } from '../store/index.ts'

export type SnapshotStore = Pick<TenantStore, 'snapshots'>

/** One snapshot as it stands now; the active one may have no row yet. */
export async function findSnapshot({ snapshots }: SnapshotStore, tenant: TenantState, snapshotId: string): Promise<Snapshot | undefined> {
  const row = await snapshots.get(snapshotId)
  if (row) return withRunningCounters(row, tenant)
  return snapshotId === tenant.activeSnapshotId ? requested(snapshotId, tenant) : undefined
}

/** All snapshots with an id below `before` (all if left out), newest first. */
export async function* snapshotsNewestFirst({ snapshots }: SnapshotStore, tenant: TenantState, before?: string): AsyncGenerator<Snapshot> {
  const { lastSnapshotId, oldestSnapshotId, activeSnapshotId } = tenant
  if (lastSnapshotId === null || oldestSnapshotId === null) return
  const afterLast = snapshotIdAfter(lastSnapshotId, 1)
  const end = before === undefined || before > afterLast ? afterLast : before
  let awaited = activeSnapshotId !== null && activeSnapshotId < end ? activeSnapshotId : null
  for await (const row of snapshots.newestFirst(end, oldestSnapshotId)) {
    if (row.snapshotId < oldestSnapshotId) return
    if (awaited !== null && row.snapshotId !== awaited) yield requested(awaited, tenant)
    awaited = null
    yield withRunningCounters(row, tenant)
  }
  if (awaited !== null) yield requested(awaited, tenant)
}

/** The newest ended snapshot at or before an id. */
export async function newestEnded(store: SnapshotStore, tenant: TenantState, atOrBefore?: string): Promise<Snapshot | undefined> {
  const isBounded = atOrBefore !== undefined && atOrBefore < (tenant.lastSnapshotId ?? '')
  const before = isBounded ? snapshotIdAfter(atOrBefore, 1) : undefined
  for await (const row of snapshotsNewestFirst(store, tenant, before)) {
    if (isEnded(row)) return row
  }
  return undefined
}

/** The newest ended snapshot before an id. */
export async function endedBefore(store: SnapshotStore, tenant: TenantState, snapshotId: string): Promise<Snapshot | undefined> {
  for await (const row of snapshotsNewestFirst(store, tenant, snapshotId)) {
    if (isEnded(row)) return row
  }
  return undefined
}

const requested = (snapshotId: string, { activeTrigger, activeSource }: TenantState) =>
  pendingSnapshot(snapshotId, activeTrigger ?? 'schedule', activeSource ?? 'perMachine')
