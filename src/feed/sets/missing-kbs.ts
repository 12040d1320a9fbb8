import { UNRESOLVED } from '../../domain/index.ts'
import { keyAfter, keyPart, keyRange, rowKeys, type SelectedInterval, type KeySpan, LAST_KEY, type SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/bind-filter.ts'
import { type PossibleValues, possibleValuesOf, rangeOf } from '../filter/possible-values.ts'
import { missingKbsSet, type RowOf } from '../model.ts'
import { hexCuts } from '../read/hex-cuts.ts'
import type { Section } from '../read/section.ts'
import { listText } from './list-text.ts'
import { SnapshotStarts } from './snapshot-starts.ts'
import { type FeedSet, isShown, type SetQuery, type View } from './view.ts'

type MissingKb = RowOf<typeof missingKbsSet>

/** What of an interval is needed: names and addresses are more than half of it. */
const COLUMNS = [
  'kbId',
  'appearedSnapshotId',
  'appearedReason',
  'appearedObservedAt',
  'resolvedSnapshotId',
  'resolvedReason',
  'resolvedObservedAt',
  'lastMissingSnapshotId',
  'replacedBy',
] as const

/** Intervals, by machine: a filter by machines reads theirs, any other one all. */
export const missingKbs: FeedSet = {
  set: missingKbsSet,
  sortedBy: [['machineId']],
  sizeOf: ({ asOfSnapshot }) => asOfSnapshot?.missingPairs ?? 0,
  async sections(view, query) {
    return spansOf(view, query)
  },
  placeOf({ machineId, kbId, appearedSnapshotId }) {
    return { partition: String(machineId), row: rowKeys.interval(String(kbId), String(appearedSnapshotId)), done: true }
  },
}

function* spansOf(view: View, { filter, from, density }: SetQuery): Generator<Section> {
  const machines = possibleValuesOf(filter, 'machineId')
  const range = rangeOf(machines)
  if (view.asOfSnapshotId === null || !range) return
  const starts = new SnapshotStarts()
  const { asOfSnapshotId } = view
  const pages = (span: KeySpan) => pagesOf(view, asOfSnapshotId, span, starts)
  if (machines.kind === 'values') {
    const kbs = possibleValuesOf(filter, 'kbId')
    for (const machineId of machines.values) {
      for (const span of machineSpans(machineId, kbs)) yield { span, pages }
    }
    return
  }
  const start = from && from.partition > (range.from ?? '') ? from.partition : range.from
  // The next id that there could be after the last one is longer than it.
  for (const cut of hexCuts(density, start, range.to === undefined ? LAST_KEY : keyAfter(range.to))) {
    const span = { from: { partition: cut.from, row: '' }, to: { partition: cut.to, row: '' } }
    yield { span, pages, units: cut.units }
  }
}

/** A machine's partition, or the parts of it that hold some KBs. */
function machineSpans(partition: string, kbs: PossibleValues): KeySpan[] {
  if (kbs.kind !== 'values') return [{ from: { partition, row: '' }, to: { partition, row: LAST_KEY } }]
  const ranges = kbs.values.map((kbId) => keyRange(keyPart(kbId))).sort((a, b) => (a.from < b.from ? -1 : 1))
  return ranges.map(({ from, to }) => ({ from: { partition, row: from }, to: { partition, row: to } }))
}

async function* pagesOf({ store }: View, asOfSnapshotId: string, span: KeySpan, starts: SnapshotStarts): AsyncGenerator<SpanPage<FeedRow>> {
  for await (const { rows, ...page } of store.missingKbs.span(span, COLUMNS)) {
    yield {
      ...page,
      rows: rows
        .filter((interval) => isShown(interval.appearedSnapshotId, asOfSnapshotId))
        .map((interval) => toMissingKb(interval, asOfSnapshotId, starts)),
    }
  }
}

/** An interval as it stood when a snapshot had ended. */
function toMissingKb(interval: SelectedInterval<(typeof COLUMNS)[number]>, asOfSnapshotId: string, starts: SnapshotStarts): MissingKb {
  const { machineId, kbId, appearedSnapshotId, appearedReason } = interval
  const resolved = isShown(interval.resolvedSnapshotId, asOfSnapshotId) ? interval : UNRESOLVED
  const { resolvedSnapshotId, resolvedReason, lastMissingSnapshotId, resolvedObservedAt, replacedBy } = resolved
  return {
    machineId,
    kbId,
    appearedSnapshotId,
    firstMissingAt: starts.text(appearedSnapshotId),
    lastMissingAt: starts.optionalText(lastMissingSnapshotId),
    resolvedAt: starts.optionalText(resolvedSnapshotId),
    resolvedSnapshotId,
    isOpen: resolvedSnapshotId === null,
    daysMissing: starts.daysMissing(appearedSnapshotId, resolvedSnapshotId ?? asOfSnapshotId),
    reason: resolvedReason ?? appearedReason,
    appearedReason,
    resolvedReason,
    appearedObservedAt: interval.appearedObservedAt,
    resolvedObservedAt,
    replacedBy: listText(replacedBy),
  }
}
