import { type GroupPoint, snapshotStartAt } from '../../domain/index.ts'
import { groupPart, type KeySpan, rowKeys, type SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import { intersect, mapPossible, possibleValuesOf } from '../filter/possible-values.ts'
import { type RowOf, trendsByGroupSet } from '../model.ts'
import { spanOfFirstPart } from './first-part-span.ts'
import { flowsColumns, standingsColumns } from './trend-columns.ts'
import { type TenantSet, isShown, type View } from './view.ts'

/** `20260518` */
const DAY_CHARACTERS = 8

/** Groups by day, oldest day first: a filter by day reads those days. */
export const trendsByGroup: TenantSet = {
  set: trendsByGroupSet,
  sortedBy: [['day']],
  sizeOf: () => 0,
  async sections(view, { filter }) {
    const byKey = mapPossible(possibleValuesOf(filter, 'dayAndGroup'), (key) => key.slice(0, DAY_CHARACTERS))
    const span = spanOfFirstPart(intersect(possibleValuesOf(filter, 'day'), byKey))
    return view.asOfSnapshotId !== null && span ? [{ span, pages: (rest: KeySpan) => pagesOf(view, rest) }] : []
  },
  placeOf: ({ dayAndGroup }) => {
    const [day, group] = [String(dayAndGroup).slice(0, DAY_CHARACTERS), String(dayAndGroup).slice(DAY_CHARACTERS + 1)]
    return { partition: '', row: rowKeys.group(day, groupPart(group === '' ? null : group)), done: true }
  },
}

/** A day whose last snapshot has not ended is left out until then. */
async function* pagesOf({ store, asOfSnapshotId }: View, span: KeySpan): AsyncGenerator<SpanPage<FeedRow>> {
  for await (const { rows, ...page } of store.trends.groupDaySpan(span)) {
    yield { ...page, rows: rows.filter(({ snapshotId }) => isShown(snapshotId, asOfSnapshotId)).map(toTrendByGroup) }
  }
}

function toTrendByGroup(point: GroupPoint): RowOf<typeof trendsByGroupSet> {
  const { period, group, snapshotId } = point
  return {
    ...{ dayAndGroup: `${period}|${group ?? ''}`, day: period, rbacGroupName: group, at: snapshotStartAt(snapshotId) },
    ...standingsColumns(point),
    ...flowsColumns(point),
  }
}
