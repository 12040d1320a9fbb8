import {
  isEnded,
  snapshotIdOf,
  addSeconds,
  snapshotStart,
  type SnapshotRow,
  type Store,
  type TenantRow,
  type Trigger,
} from '../store/index.ts'
import { pendingSnapshot } from '../sync/pending-snapshot.ts'
import { withRunningCounters } from './snapshot-progress.ts'

type SnapshotStore = Pick<Store, 'snapshots'>

/** One snapshot as it stands now; the active one may have no row yet. */
export async function findSnapshot(store: SnapshotStore, tenant: TenantRow, snapshotId: string): Promise<SnapshotRow | undefined> {
  const row = await store.snapshots.get(tenant.tenantId, snapshotId)
  if (row) return withRunningCounters(row, tenant)
  return snapshotId === tenant.activeSnapshotId ? requested(tenant) : undefined
}

/** All snapshots with an id below `before` (all if left out), newest first. */
export async function* snapshotsNewestFirst(store: SnapshotStore, tenant: TenantRow, before?: string): AsyncGenerator<SnapshotRow> {
  const { tenantId, lastSnapshotId, oldestSnapshotId, activeSnapshotId } = tenant
  if (lastSnapshotId === '' || oldestSnapshotId === '') return
  const afterLast = snapshotIdOf(addSeconds(snapshotStart(lastSnapshotId), 1))
  const end = before === undefined || before > afterLast ? afterLast : before
  let awaitsActive = activeSnapshotId !== '' && activeSnapshotId < end
  for await (const row of store.snapshots.newestFirst(tenantId, end, oldestSnapshotId)) {
    if (row.snapshotId < oldestSnapshotId) return
    if (awaitsActive && row.snapshotId !== activeSnapshotId) yield requested(tenant)
    awaitsActive = false
    yield withRunningCounters(row, tenant)
  }
  if (awaitsActive) yield requested(tenant)
}

/** The newest ended snapshot at or before an id. */
export async function newestEnded(store: SnapshotStore, tenant: TenantRow, atOrBefore?: string): Promise<SnapshotRow | undefined> {
  const isBounded = atOrBefore !== undefined && atOrBefore < tenant.lastSnapshotId
  const before = isBounded ? snapshotIdOf(addSeconds(snapshotStart(atOrBefore), 1)) : undefined
  for await (const row of snapshotsNewestFirst(store, tenant, before)) {
    if (isEnded(row)) return row
  }
  return undefined
}

/** The newest ended snapshot before an id. */
export async function endedBefore(store: SnapshotStore, tenant: TenantRow, snapshotId: string): Promise<SnapshotRow | undefined> {
  for await (const row of snapshotsNewestFirst(store, tenant, snapshotId)) {
    if (isEnded(row)) return row
  }
  return undefined
}

const requested = ({ activeSnapshotId, activeTrigger }: TenantRow) => pendingSnapshot(activeSnapshotId, activeTrigger as Trigger)
