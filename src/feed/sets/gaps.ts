import { type KeySpan, LAST_KEY, type MachineGapRow, rowKeys, type SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import { gapsSet, type RowOf } from '../model.ts'
import { machineSections } from './machine-sections.ts'
import type { SnapshotStarts } from './snapshot-starts.ts'
import { type TenantSet, isShown, type View } from './view.ts'

/** Gaps, by machine: a filter by machines reads theirs, any other one all. */
export const gaps: TenantSet = {
  set: gapsSet,
  sortedBy: [
    ['machineId', 'fromSnapshotId'],
    ['machineId', 'from'],
  ],
  sizeOf: ({ asOfSnapshot }) => (asOfSnapshot ? asOfSnapshot.unknown + asOfSnapshot.skipped + (asOfSnapshot.silent ?? 0) : 0),
  async sections(view, query) {
    return machineSections(view, query, pagesOf, (partition) => [{ from: { partition, row: '' }, to: { partition, row: LAST_KEY } }])
  },
  placeOf: ({ machineId, fromSnapshotId }) => ({ partition: String(machineId), row: rowKeys.gap(String(fromSnapshotId)), done: true }),
}

async function* pagesOf({ store }: View, asOfSnapshotId: string, span: KeySpan, starts: SnapshotStarts): AsyncGenerator<SpanPage<FeedRow>> {
  for await (const { rows, ...page } of store.missingKbs.gapSpan(span)) {
    const shown = rows.filter((gap) => isShown(gap.fromSnapshotId, asOfSnapshotId))
    yield { ...page, rows: shown.map((gap) => toGap(gap, asOfSnapshotId, starts)) }
  }
}

/** A gap as it stood when a snapshot had ended. */
function toGap(gap: MachineGapRow, asOfSnapshotId: string, starts: SnapshotStarts): RowOf<typeof gapsSet> {
  const { machineId, fromSnapshotId, kind, code, atLeast } = gap
  const toSnapshotId = isShown(gap.toSnapshotId, asOfSnapshotId) ? gap.toSnapshotId : null
  return {
    machineId,
    fromSnapshotId,
    kind,
    code,
    from: starts.text(fromSnapshotId),
    to: starts.optionalText(toSnapshotId),
    toSnapshotId,
    isOpen: toSnapshotId === null,
    days: starts.daysMissing(fromSnapshotId, toSnapshotId ?? asOfSnapshotId),
    atLeast,
  }
}
