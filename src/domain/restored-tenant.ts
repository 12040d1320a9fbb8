import { atOf, HOUR_MS } from './instant.ts'
import { broughtAnswers, isEnded, type Snapshot } from './snapshot.ts'
import { snapshotStartAt } from './snapshot-id.ts'
import { freshTenant, type TenantPatch } from './tenant.ts'
import { type RecentSample, withSample } from './verification.ts'

/**
 * A tenant whose row is to be made at an instant (ms), by its snapshots, oldest first: none for one that is seen for the first time. A row
 * that was deleted comes back with all that its snapshots tell, so that history stays in sight and nobody who joins is taken for baseline.
 */
export function restoredTenant(snapshots: readonly Snapshot[], nowMs: number): TenantPatch {
  const [oldest] = snapshots
  const newest = snapshots.at(-1)
  if (!oldest || !newest) return freshTenant(nowMs)
  const lastEnded = snapshots.findLast(isEnded)
  const lastAnswered = snapshots.findLast((snapshot) => isEnded(snapshot) && broughtAnswers(snapshot))
  const lastExport = snapshots.findLast(
    ({ status, sourceTime, finishedAt }) => finishedAt !== null && status !== 'failed' && sourceTime !== null,
  )
  return {
    ...freshTenant(nowMs),
    oldestSnapshotId: oldest.snapshotId,
    lastSnapshotId: newest.snapshotId,
    baselineSnapshotId: snapshots.find(({ listed }) => listed > 0)?.snapshotId ?? null,
    ...(lastEnded && { lastEndedSnapshotId: lastEnded.snapshotId, lastEndedAt: endOf(lastEnded) }),
    ...(lastAnswered && { lastAnsweredAt: endOf(lastAnswered) }),
    ...(lastExport && { lastExportAt: lastExport.sourceTime, recentSamples: recentSamples(snapshots) }),
    ...(!isEnded(newest) && resumed(newest)),
    ...callsForgotten(newest, nowMs),
  }
}

/** What samples came to since the last snapshot of another source. */
function recentSamples(snapshots: readonly Snapshot[]): RecentSample[] {
  const others = snapshots.findLastIndex((snapshot) => isEnded(snapshot) && snapshot.status !== 'failed' && snapshot.source !== 'export')
  return snapshots
    .slice(others + 1)
    .reduce<RecentSample[]>((recent, { snapshotId, sample }) => (sample ? withSample(recent, snapshotId, sample) : recent), [])
}

const endOf = ({ snapshotId, finishedAt }: Snapshot) => finishedAt ?? snapshotStartAt(snapshotId)

/** What was under way goes on, as after a kill. */
function resumed({
  snapshotId,
  trigger,
  source,
  slices,
  calls,
  throttled,
  retries,
  activeMilliseconds,
  skippedStarts,
}: Snapshot): TenantPatch {
  return {
    activeSnapshotId: snapshotId,
    activeTrigger: trigger,
    activeSource: source,
    activeSlices: slices,
    activeCalls: calls,
    activeThrottled: throttled,
    activeRetries: retries,
    activeMilliseconds,
    activeSkippedStarts: skippedStarts,
    sliceOpen: slices > 0,
  }
}

/** What was spent of the quota in the last hour went with the row: nothing is called before that hour is over. */
function callsForgotten(newest: Snapshot, nowMs: number): TenantPatch {
  const lastCallMs = isEnded(newest) ? Math.min(Date.parse(endOf(newest)), nowMs) : nowMs
  const freeAtMs = lastCallMs + HOUR_MS
  return freeAtMs > nowMs ? { notBefore: atOf(freeAtMs) } : {}
}
