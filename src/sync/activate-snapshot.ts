import { nextSnapshotId, type TenantPatch, type TenantRow, type Trigger } from '../store/index.ts'

/** What makes a snapshot the tenant's active one; its counters begin at 0. */
export type Activation = TenantPatch & { activeSnapshotId: string }

/** The tenant row's part in beginning a snapshot at an instant (ms). Nothing may be active. */
export function activateSnapshot(
  tenant: Pick<TenantRow, 'lastSnapshotId' | 'oldestSnapshotId'>,
  trigger: Trigger,
  now: number,
): Activation {
  const snapshotId = nextSnapshotId(now, tenant.lastSnapshotId)
  return {
    activeSnapshotId: snapshotId,
    activeTrigger: trigger,
    activeSlices: 0,
    activeCalls: 0,
    activeThrottled: 0,
    activeRetries: 0,
    activeMilliseconds: 0,
    activeSkippedStarts: 0,
    lastSnapshotId: snapshotId,
    oldestSnapshotId: tenant.oldestSnapshotId === '' ? snapshotId : tenant.oldestSnapshotId,
  }
}
