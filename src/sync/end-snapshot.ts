import { snapshotStartText, type SnapshotRow, type TenantPatch } from '../store/index.ts'

/** The active snapshot is done: the tenant's row lets go of it and remembers it. */
export function endSnapshot(snapshot: SnapshotRow): TenantPatch {
  const { snapshotId, status, finishedAt } = snapshot
  return {
    activeSnapshotId: '',
    activeTrigger: '',
    lastEndedSnapshotId: snapshotId,
    lastEndedAt: finishedAt || snapshotStartText(snapshotId),
    ...(status === 'completed' && { lastCompletedSnapshotId: snapshotId }),
    // Defender answered: it does not refuse the app any more.
    ...(status !== 'failed' && { blockedCode: '', blockedDetail: '', blockedAt: '' }),
  }
}
