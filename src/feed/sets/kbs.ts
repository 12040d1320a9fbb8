import { type Kb, KB_ATTRIBUTES, snapshotStartAt } from '../../domain/index.ts'
import { keyAfter, keyPart, type KeySpan, LAST_KEY, type SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import { possibleValuesOf } from '../filter/possible-values.ts'
import { kbsSet, type RowOf } from '../model.ts'
import type { Section } from '../read/section.ts'
import { flatAttributes } from './list-text.ts'
import type { TenantSet, View } from './view.ts'

/** KBs, by the key form of their id: some thousands in all, and so one section. Shown as they are now. */
export const kbs: TenantSet = {
  set: kbsSet,
  sortedBy: [],
  sizeOf: ({ asOfSnapshot }) => asOfSnapshot?.missingKbs ?? 0,
  async sections(view, { filter }) {
    const kbIds = possibleValuesOf(filter, 'kbId')
    const pages = (span: KeySpan) => pagesOf(view, span)
    if (kbIds.kind !== 'values') return [{ span: spanOf('', LAST_KEY), pages }]
    return kbIds.values
      .map(keyPart)
      .sort()
      .map((key): Section => ({ span: spanOf(key, keyAfter(key)), pages }))
  },
  placeOf: ({ kbId }) => ({ partition: '', row: keyPart(String(kbId)), done: true }),
}

const spanOf = (first: string, end: string): KeySpan => ({ from: { partition: '', row: first }, to: { partition: '', row: end } })

async function* pagesOf({ store }: View, span: KeySpan): AsyncGenerator<SpanPage<FeedRow>> {
  for await (const page of store.kbs.span(span)) yield { ...page, rows: page.rows.map(toKb) }
}

function toKb(kb: Kb): RowOf<typeof kbsSet> {
  const { kbId, machinesMissing, firstSeenSnapshotId, lastSeenSnapshotId } = kb
  return {
    kbId,
    ...flatAttributes(KB_ATTRIBUTES, kb),
    machinesMissing,
    firstSeenAt: snapshotStartAt(firstSeenSnapshotId),
    lastSeenAt: snapshotStartAt(lastSeenSnapshotId),
  }
}
