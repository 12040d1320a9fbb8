import {
  agreementOf,
  assessedOf,
  coverageOf,
  isEnded,
  isSnapshotId,
  listsLikeOf,
  shareOf,
  type Snapshot,
  snapshotStartAt,
} from '../../domain/index.ts'
import { keyAfter, type KeySpan, type SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import { type RowOf, snapshotsSet } from '../model.ts'
import { snapshotIdRange, possibleSnapshotIds } from './possible-snapshot-ids.ts'
import type { TenantSet, View } from './view.ts'

/** Ended snapshots, oldest first: one section, since a year of hourly ones is nine storage pages. */
export const snapshots: TenantSet = {
  set: snapshotsSet,
  sortedBy: [['snapshotId'], ['startedAt']],
  sizeOf: () => 0,
  async sections(view, { filter }) {
    const ids = snapshotIdRange(possibleSnapshotIds(filter, 'startedAt'), view.asOfSnapshotId)
    if (!ids) return []
    const span = { from: { partition: '', row: ids.from }, to: { partition: '', row: keyAfter(ids.to) } }
    return [{ span, pages: (rest: KeySpan) => pagesOf(view, rest) }]
  },
  placeOf: ({ snapshotId }) => ({ partition: '', row: String(snapshotId), done: true }),
}

async function* pagesOf({ store, tenantId }: View, span: KeySpan): AsyncGenerator<SpanPage<FeedRow>> {
  for await (const { rows, ...page } of store.snapshots.span(span)) {
    yield { ...page, rows: rows.filter((row) => isEnded(row) && isSnapshotId(row.snapshotId)).map((row) => toSnapshot(row, tenantId)) }
  }
}

function toSnapshot(row: Snapshot, tenantId: string): RowOf<typeof snapshotsSet> {
  return {
    snapshotId: row.snapshotId,
    tenantId,
    status: row.status,
    trigger: row.trigger,
    source: row.source,
    sourceTime: row.sourceTime,
    startedAt: snapshotStartAt(row.snapshotId),
    finishedAt: row.finishedAt,
    coverage: coverageOf(row),
    assessed: assessedOf(row),
    machinesListed: row.listed,
    machinesObserved: row.observed,
    machinesSilent: row.silent,
    machinesUnknown: row.unknown,
    machinesSkipped: row.skipped,
    machinesRemoved: row.removed,
    appeared: row.appeared,
    resolved: row.resolved,
    missingPairs: row.missingPairs,
    missingKbs: row.missingKbs,
    missingMachines: row.missingMachines,
    apiCalls: row.calls,
    apiThrottled: row.throttled,
    apiRetries: row.retries,
    slices: row.slices,
    activeSeconds: row.activeMilliseconds / 1000,
    skippedStarts: row.skippedStarts,
    ...checkOf(row),
    errorCode: row.errorCode,
    errorDetail: row.errorDetail,
  }
}

/** What checking the export came to; null where that was not done. */
function checkOf({ sample, counts }: Snapshot) {
  const agreement = sample && agreementOf(sample)
  return {
    sampleMachines: sample?.n ?? null,
    sampleShare: agreement && shareOf(agreement),
    sampleListsLike: agreement && listsLikeOf(agreement),
    sampleMoved: sample?.moved ?? null,
    countsCompared: counts?.compared ?? null,
    countsDiffer: counts?.differ ?? null,
  }
}
