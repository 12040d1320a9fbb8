import { isEnded, type Snapshot, type TenantState, withRunningCounters } from '../domain/index.ts'
import { findSnapshot, newestEnded, type SnapshotStore } from './snapshot-list.ts'

/** The newest ended snapshot, and the one that is pending or running. */
export interface Standing {
  asOf?: Snapshot
  running?: Snapshot
}

/** How a tenant's snapshots stand, by its row; in one request, unless that row has lost them. */
export async function readStanding(store: SnapshotStore, tenant: TenantState): Promise<Standing> {
  const { lastEndedSnapshotId, activeSnapshotId, lastSnapshotId } = tenant
  const found = new Map<string, Snapshot>()
  if (lastEndedSnapshotId !== null) {
    for await (const snapshot of store.snapshots.range(lastEndedSnapshotId, lastSnapshotId ?? lastEndedSnapshotId)) {
      found.set(snapshot.snapshotId, withRunningCounters(snapshot, tenant))
    }
  }
  const named = found.get(lastEndedSnapshotId ?? '')
  const asOf = named && isEnded(named) ? named : await newestEnded(store, tenant)
  const running =
    activeSnapshotId === null ? undefined : (found.get(activeSnapshotId) ?? (await findSnapshot(store, tenant, activeSnapshotId)))
  return { ...(asOf && { asOf }), ...(running && !isEnded(running) && { running }) }
}
