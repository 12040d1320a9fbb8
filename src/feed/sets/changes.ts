import { type Change, exposureOf, type Snapshot, SNAPSHOT_ID_LENGTH } from '../../domain/index.ts'
import {
  bucketOf,
  changeKey,
  changesPartition,
  keyAfter,
  keyRange,
  type KeySpan,
  LAST_KEY,
  monthOf,
  type Place,
  type SpanPage,
} from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import { possibleValuesOf } from '../filter/possible-values.ts'
import { changesSet, type RowOf } from '../model.ts'
import { LearnedDensity } from '../read/density.ts'
import { hexCuts } from '../read/hex-cuts.ts'
import { FEED_POLICY } from '../read/policy.ts'
import type { Section } from '../read/section.ts'
import { listText } from './list-text.ts'
import { SnapshotStarts } from './snapshot-starts.ts'
import { possibleSnapshotIds } from './possible-snapshot-ids.ts'
import { isWorthwhile, type SnapshotGroup, snapshotGroups } from './snapshot-groups.ts'
import { type TenantSet, isShown, type View } from './view.ts'

const COLUMNS = [
  'change',
  'reason',
  'replacedBy',
  'observedAt',
  'appearedSnapshotId',
  'lastMissingSnapshotId',
  'exposedSince',
  'exposedAtLeast',
  'stillExposed',
  'derived',
] as const

/** Changes, by snapshot and machine: a filter by snapshot or instant reads those snapshots' partitions, one by machines their rows in each. */
export const changes: TenantSet = {
  set: changesSet,
  sortedBy: [
    ['snapshotId', 'machineId'],
    ['at', 'machineId'],
  ],
  sizeOf: () => 0,
  async sections(view, { filter, from }) {
    const machineIds = possibleValuesOf(filter, 'machineId')
    const start = from?.partition.slice(0, SNAPSHOT_ID_LENGTH) ?? ''
    const isEmpty = (row: Snapshot) => row.changedBuckets === ''
    const groups = await snapshotGroups(view, possibleSnapshotIds(filter, 'at'), start, (row) => row.appeared + row.resolved, isEmpty)
    return sectionsOf(view, groups, machineIds.kind === 'values' ? machineIds.values : undefined)
  },
  placeOf({ snapshotId, machineId, kbId }) {
    const key = { machineId: String(machineId), kbId: String(kbId) }
    return { partition: changesPartition(String(snapshotId), bucketOf(key.machineId)), row: changeKey(key), done: true }
  },
}

function* sectionsOf(view: View, groups: readonly SnapshotGroup[], machineIds: readonly string[] | undefined): Generator<Section> {
  const starts = new SnapshotStarts()
  for (const group of groups) {
    const month = monthOf(group.first)
    for (const span of spansOf(group, machineIds)) yield { span, pages: (rest) => pagesOf(view, month, rest, starts, group.changedIn) }
  }
}

function* spansOf(group: SnapshotGroup, machineIds: readonly string[] | undefined): Generator<KeySpan> {
  const { first, last, rows } = group
  if (machineIds && first === last && isWorthwhile(machineIds.length, rows))
    yield* machineIds.map((machineId) => machineSpan(first, machineId))
  else if (rows > FEED_POLICY.sectionRows) yield* cutSnapshot(first, rows)
  else
    yield { from: { partition: changesPartition(first, '0'), row: '' }, to: { partition: keyAfter(changesPartition(last, 'f')), row: '' } }
}

function machineSpan(snapshotId: string, machineId: string): KeySpan {
  const partition = changesPartition(snapshotId, bucketOf(machineId))
  const { from, to } = keyRange(machineId)
  return { from: { partition, row: from }, to: { partition, row: to } }
}

/** A snapshot of many changes, in parts of about a storage page. */
function* cutSnapshot(snapshotId: string, rows: number): Generator<KeySpan> {
  for (const { from, to } of hexCuts(new LearnedDensity(rows))) {
    const end = to === LAST_KEY ? { partition: keyAfter(changesPartition(snapshotId, 'f')), row: '' } : prefixPlace(snapshotId, to)
    yield { from: prefixPlace(snapshotId, from), to: end }
  }
}

function prefixPlace(snapshotId: string, prefix: string): Place {
  const bucket = prefix.charAt(0) || '0'
  // '4000' is where bucket 4 begins: there is nothing to ask for before it.
  return { partition: changesPartition(snapshotId, bucket), row: /^.?0*$/.test(prefix) ? '' : prefix }
}

async function* pagesOf(
  { store, asOfSnapshotId }: View,
  month: string,
  span: KeySpan,
  starts: SnapshotStarts,
  changedIn: string | undefined,
): AsyncGenerator<SpanPage<FeedRow>> {
  for await (const { rows, ...page } of store.changes.span(month, span, COLUMNS, changedIn)) {
    yield { ...page, rows: rows.filter(({ snapshotId }) => isShown(snapshotId, asOfSnapshotId)).map((row) => toChange(row, starts)) }
  }
}

function toChange(
  row: Pick<Change, 'snapshotId' | 'machineId' | 'kbId' | (typeof COLUMNS)[number]>,
  starts: SnapshotStarts,
): RowOf<typeof changesSet> {
  const isResolved = row.change === 'resolved'
  const { exposedSince, exposedAtLeast } = exposureOf(row)
  return {
    snapshotId: row.snapshotId,
    machineId: row.machineId,
    kbId: row.kbId,
    at: starts.text(row.snapshotId),
    change: row.change,
    reason: row.reason,
    observedAt: row.observedAt,
    appearedSnapshotId: row.appearedSnapshotId,
    firstMissingAt: starts.text(row.appearedSnapshotId),
    lastMissingAt: starts.optionalText(row.lastMissingSnapshotId),
    daysMissing: isResolved ? starts.daysMissing(row.appearedSnapshotId, row.snapshotId) : null,
    exposedSince: starts.text(exposedSince),
    exposedAtLeast,
    daysExposed: isResolved ? starts.daysMissing(exposedSince, row.snapshotId) : null,
    stillExposed: row.stillExposed,
    replacedBy: listText(row.replacedBy),
    derived: row.derived,
  }
}
