import { type KeySpan, LAST_KEY, type MachineGapRow, rowKeys, type SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import { possibleValuesOf, rangeOf } from '../filter/possible-values.ts'
import { gapsSet, type RowOf } from '../model.ts'
import type { Section } from '../read/section.ts'
import { machineCuts } from './machine-cuts.ts'
import { SnapshotStarts } from './snapshot-starts.ts'
import { type FeedSet, isShown, type SetQuery, type View } from './view.ts'

/** Gaps, by machine: a filter by machines reads theirs, any other one all. */
export const gaps: FeedSet = {
  set: gapsSet,
  sortedBy: [
    ['machineId', 'fromSnapshotId'],
    ['machineId', 'from'],
  ],
  sizeOf: ({ asOfSnapshot }) => (asOfSnapshot ? asOfSnapshot.unknown + asOfSnapshot.skipped + (asOfSnapshot.silent ?? 0) : 0),
  async sections(view, query) {
    return sectionsOf(view, query)
  },
  placeOf: ({ machineId, fromSnapshotId }) => ({ partition: String(machineId), row: rowKeys.gap(String(fromSnapshotId)), done: true }),
}

function* sectionsOf(view: View, { filter, from, density }: SetQuery): Generator<Section> {
  const { asOfSnapshotId } = view
  const machineIds = possibleValuesOf(filter, 'machineId')
  const range = rangeOf(machineIds)
  if (asOfSnapshotId === null || !range) return
  const starts = new SnapshotStarts()
  const pages = (span: KeySpan) => pagesOf(view, asOfSnapshotId, span, starts)
  if (machineIds.kind === 'values') {
    for (const partition of machineIds.values) yield { span: { from: { partition, row: '' }, to: { partition, row: LAST_KEY } }, pages }
    return
  }
  for (const cut of machineCuts(range, from?.partition, density)) {
    const span = { from: { partition: cut.from, row: '' }, to: { partition: cut.to, row: '' } }
    yield { span, pages, units: cut.units }
  }
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
