import { exposureOf, UNRESOLVED } from '../../domain/index.ts'
import { keyPart, keyRange, rowKeys, type SelectedInterval, type KeySpan, LAST_KEY, type SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import { type PossibleValues, possibleValuesOf } from '../filter/possible-values.ts'
import { missingKbsSet, type RowOf } from '../model.ts'
import { listText } from './list-text.ts'
import { machineSections } from './machine-sections.ts'
import type { SnapshotStarts } from './snapshot-starts.ts'
import { type TenantSet, isShown, type View } from './view.ts'

type MissingKbRow = RowOf<typeof missingKbsSet>

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
  'exposedSince',
  'exposedAtLeast',
  'stillExposed',
  'derived',
  'contains',
] as const

/** Intervals, by machine: a filter by machines reads theirs, any other one all. */
export const missingKbs: TenantSet = {
  set: missingKbsSet,
  sortedBy: [['machineId']],
  sizeOf: ({ asOfSnapshot }) => asOfSnapshot?.missingPairs ?? 0,
  async sections(view, query) {
    const kbIds = possibleValuesOf(query.filter, 'kbId')
    return machineSections(view, query, pagesOf, (machineId) => machineSpans(machineId, kbIds))
  },
  placeOf({ machineId, kbId, appearedSnapshotId }) {
    return { partition: String(machineId), row: rowKeys.interval(String(kbId), String(appearedSnapshotId)), done: true }
  },
}

/** A machine's partition, or the parts of it that hold some KBs. */
function machineSpans(partition: string, kbIds: PossibleValues): KeySpan[] {
  if (kbIds.kind !== 'values') return [{ from: { partition, row: '' }, to: { partition, row: LAST_KEY } }]
  const ranges = kbIds.values.map((kbId) => keyRange(keyPart(kbId))).sort((a, b) => (a.from < b.from ? -1 : 1))
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
function toMissingKb(interval: SelectedInterval<(typeof COLUMNS)[number]>, asOfSnapshotId: string, starts: SnapshotStarts): MissingKbRow {
  const { machineId, kbId, appearedSnapshotId, appearedReason } = interval
  const resolved = isShown(interval.resolvedSnapshotId, asOfSnapshotId) ? interval : UNRESOLVED
  const { resolvedSnapshotId, resolvedReason, lastMissingSnapshotId, resolvedObservedAt, replacedBy, stillExposed } = resolved
  const { exposedSince, exposedAtLeast } = exposureOf(interval)
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
    exposedSince: starts.text(exposedSince),
    exposedAtLeast,
    daysExposed: starts.daysMissing(exposedSince, resolvedSnapshotId ?? asOfSnapshotId),
    stillExposed: resolvedSnapshotId === null ? true : stillExposed,
    reason: resolvedReason ?? appearedReason,
    appearedReason,
    resolvedReason,
    appearedObservedAt: interval.appearedObservedAt,
    resolvedObservedAt,
    replacedBy: listText(replacedBy),
    derived: interval.derived,
    contains: listText(interval.contains),
  }
}
