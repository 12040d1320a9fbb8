import { type KbTotal, snapshotStartAt } from '../../domain/index.ts'
import { keyAfter, keyPart, type KeySpan, type Place, type SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import { possibleValuesOf } from '../filter/possible-values.ts'
import { kbTotalsSet, type RowOf } from '../model.ts'
import type { Section } from '../read/section.ts'
import { possibleSnapshotIds } from './possible-snapshot-ids.ts'
import { isWorthwhile, type SnapshotGroup, snapshotGroups } from './snapshot-groups.ts'
import { type TenantSet, isShown, type View } from './view.ts'

/** Totals, by snapshot and KB: a filter by snapshot or instant reads those snapshots' partitions. */
export const kbTotals: TenantSet = {
  set: kbTotalsSet,
  sortedBy: [['snapshotId'], ['at']],
  sizeOf: () => 0,
  async sections(view, { filter, from }) {
    const groups = await snapshotGroups(view, possibleSnapshotIds(filter, 'at'), from?.partition ?? '', (row) => row.missingKbs)
    const kbIds = possibleValuesOf(filter, 'kbId')
    const keys = kbIds.kind === 'values' ? kbIds.values.map(keyPart).sort() : undefined
    return groups.flatMap((group) => spansOf(group, keys).map((span): Section => ({ span, pages: (rest) => pagesOf(view, rest) })))
  },
  placeOf: ({ snapshotId, kbId }): Place => ({ partition: String(snapshotId), row: keyPart(String(kbId)), done: true }),
}

/** One span of a group; or, within a single snapshot, one for each of some KBs. */
function spansOf({ first, last, rows }: SnapshotGroup, keys: readonly string[] | undefined): KeySpan[] {
  if (!keys || first !== last || !isWorthwhile(keys.length, rows))
    return [{ from: { partition: first, row: '' }, to: { partition: keyAfter(last), row: '' } }]
  return keys.map((key) => ({ from: { partition: first, row: key }, to: { partition: first, row: keyAfter(key) } }))
}

async function* pagesOf({ store, asOfSnapshotId }: View, span: KeySpan): AsyncGenerator<SpanPage<FeedRow>> {
  for await (const { rows, ...page } of store.kbTotals.span(span)) {
    yield { ...page, rows: rows.filter(({ snapshotId }) => isShown(snapshotId, asOfSnapshotId)).map(toKbTotal) }
  }
}

function toKbTotal(row: KbTotal & { snapshotId: string }): RowOf<typeof kbTotalsSet> {
  const { snapshotId, kbId, machinesMissing, appeared, resolved } = row
  return { snapshotId, kbId, at: snapshotStartAt(snapshotId), machinesMissing, appeared, resolved }
}
