import { isEnded, type Snapshot, type TenantState } from '../../domain/index.ts'
import type { TenantStore } from '../../store/index.ts'
import { newestEnded } from '../snapshot-list.ts'

/** The newest ended snapshot: what figures are as of. Trends of a later one may be there before it has ended, and are nobody's. */
export async function latestEnded(store: Pick<TenantStore, 'snapshots'>, tenant: TenantState): Promise<Snapshot | undefined> {
  const { lastEndedSnapshotId } = tenant
  const named = lastEndedSnapshotId === null ? undefined : await store.snapshots.get(lastEndedSnapshotId)
  return named && isEnded(named) ? named : newestEnded(store, tenant)
}
