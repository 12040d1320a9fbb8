import { isFarAhead } from '../clock.ts'
import { snapshotStartText, type SnapshotRow, type TenantPatch } from '../store/index.ts'

/** The active snapshot is done: the tenant's row lets go of it and remembers it. */
export function endSnapshot(snapshot: SnapshotRow): TenantPatch {
  const { snapshotId, status, finishedAt } = snapshot
  return {
    activeSnapshotId: '',
    activeTrigger: '',
    lastEndedSnapshotId: snapshotId,
    lastEndedAt: finishedAt || snapshotStartText(snapshotId),
    // Starts that fell due while it ran are counted on it.
    ...(finishedAt !== '' && { scheduledThrough: laterStart(snapshotId, finishedAt) }),
    ...(broughtAnswers(snapshot) && { lastAnsweredAt: finishedAt }),
    // Defender answered: it does not refuse the app any more.
    ...(status !== 'failed' && { blockedCode: '', blockedDetail: '', blockedAt: '' }),
  }
}

/** Its end, or its start where the clock went back meanwhile: that start must not be served twice. Ids may be far ahead after a wrong clock. */
function laterStart(snapshotId: string, finishedAt: string): string {
  const start = snapshotStartText(snapshotId)
  const finished = Date.parse(finishedAt)
  return Date.parse(start) > finished && !isFarAhead(start, finished) ? start : finishedAt
}

/** Whether the snapshot tells anything: Defender answered for a machine, or has none. */
function broughtAnswers({ status, observed, wanted }: SnapshotRow): boolean {
  return observed > 0 || (status === 'completed' && wanted === 0)
}
