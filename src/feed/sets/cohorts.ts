import { type CohortPoint, patchTuesdayMs, snapshotStartAt, snapshotStartMs, wholeDays } from '../../domain/index.ts'
import { type KeySpan, rowKeys, type SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import { possibleValuesOf } from '../filter/possible-values.ts'
import { cohortsSet, type RowOf } from '../model.ts'
import { spanOfFirstPart } from './first-part-span.ts'
import { type TenantSet, isShown, type View } from './view.ts'

/** Patch Tuesdays by day, oldest first: a filter by cohort reads those cohorts. */
export const cohorts: TenantSet = {
  set: cohortsSet,
  sortedBy: [['cohort', 'day']],
  sizeOf: () => 0,
  async sections(view, { filter }) {
    const span = spanOfFirstPart(possibleValuesOf(filter, 'cohort'))
    return view.asOfSnapshotId !== null && span ? [{ span, pages: (rest: KeySpan) => pagesOf(view, rest) }] : []
  },
  placeOf: ({ cohort, day }) => ({ partition: '', row: rowKeys.cohort(String(cohort), String(day)), done: true }),
}

async function* pagesOf({ store, asOfSnapshotId }: View, span: KeySpan): AsyncGenerator<SpanPage<FeedRow>> {
  for await (const { rows, ...page } of store.trends.cohortSpan(span)) {
    yield { ...page, rows: rows.filter(({ snapshotId }) => isShown(snapshotId, asOfSnapshotId)).map(toCohort) }
  }
}

function toCohort({ cohort, day, snapshotId, kbs, opened, missing, became }: CohortPoint): RowOf<typeof cohortsSet> {
  const daysSinceRelease = wholeDays(patchTuesdayMs(cohort), snapshotStartMs(snapshotId))
  const { installed, superseded, upgraded, silent, reassessed, removed, excluded, rebased } = became
  return {
    ...{ cohort, day, at: snapshotStartAt(snapshotId), daysSinceRelease, kbs, opened, missing },
    ...{ installed, superseded, upgraded, silent, reassessed, removed, excluded, rebased },
  }
}
