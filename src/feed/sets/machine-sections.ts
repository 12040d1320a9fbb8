import type { KeySpan, SpanPage } from '../../store/index.ts'
import { possibleValuesOf, rangeOf } from '../filter/possible-values.ts'
import type { FeedRow } from '../filter/value.ts'
import type { Section } from '../read/section.ts'
import { machineCuts } from './machine-cuts.ts'
import { SnapshotStarts } from './snapshot-starts.ts'
import type { SetQuery, View } from './view.ts'

/** Reads the rows of a span as they stood when a snapshot had ended. */
type PagesOf = (view: View, asOfSnapshotId: string, span: KeySpan, starts: SnapshotStarts) => AsyncGenerator<SpanPage<FeedRow>>

/** Sections of a set that lies in the partitions of machines: those of the machines that a filter names, or of all in cuts. */
export function* machineSections(
  view: View,
  { filter, from, density }: SetQuery,
  pagesOf: PagesOf,
  spansOf: (machineId: string) => readonly KeySpan[],
): Generator<Section> {
  const { asOfSnapshotId } = view
  const machineIds = possibleValuesOf(filter, 'machineId')
  const range = rangeOf(machineIds)
  if (asOfSnapshotId === null || !range) return
  const starts = new SnapshotStarts()
  const pages = (span: KeySpan) => pagesOf(view, asOfSnapshotId, span, starts)
  if (machineIds.kind === 'values') {
    for (const machineId of machineIds.values) for (const span of spansOf(machineId)) yield { span, pages }
    return
  }
  for (const cut of machineCuts(range, from?.partition, density)) {
    const span = { from: { partition: cut.from, row: '' }, to: { partition: cut.to, row: '' } }
    yield { span, pages, units: cut.units }
  }
}
