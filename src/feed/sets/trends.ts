import { snapshotStartAt, type TrendPoint } from '../../domain/index.ts'
import { keyAfter, type KeySpan, type SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import { type RowOf, trendsSet } from '../model.ts'
import { possibleSnapshotIds, snapshotIdRange } from './possible-snapshot-ids.ts'
import { flowsColumns, standingsColumns } from './trend-columns.ts'
import type { TenantSet, View } from './view.ts'

/** What snapshots counted, oldest first. */
export const trends: TenantSet = {
  set: trendsSet,
  sortedBy: [['snapshotId'], ['at']],
  sizeOf: () => 0,
  async sections(view, { filter }) {
    const ids = snapshotIdRange(possibleSnapshotIds(filter, 'at'), view.asOfSnapshotId)
    if (!ids) return []
    const span = { from: { partition: '', row: ids.from }, to: { partition: '', row: keyAfter(ids.to) } }
    return [{ span, pages: (rest: KeySpan) => pagesOf(view, rest) }]
  },
  placeOf: ({ snapshotId }) => ({ partition: '', row: String(snapshotId), done: true }),
}

async function* pagesOf({ store }: View, span: KeySpan): AsyncGenerator<SpanPage<FeedRow>> {
  for await (const { rows, ...page } of store.trends.pointSpan(span)) yield { ...page, rows: rows.map(toTrend) }
}

function toTrend(point: TrendPoint): RowOf<typeof trendsSet> {
  const { snapshotId, status, source, calls, throttled } = point
  return {
    ...{ snapshotId, at: snapshotStartAt(snapshotId), status, source },
    ...standingsColumns(point, status),
    ...flowsColumns(point),
    ...{ apiCalls: calls, apiThrottled: throttled },
  }
}
