import { latestObservation } from '../../domain/index.ts'
import { keyAfter, type KeySpan, type SelectedMachine, type SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import { possibleValuesOf, rangeOf } from '../filter/possible-values.ts'
import { machinesSet, type RowOf } from '../model.ts'
import type { Section } from '../read/section.ts'
import { listText } from './list-text.ts'
import { machineCuts } from './machine-cuts.ts'
import type { TenantSet, SetQuery, View } from './view.ts'

/** All but the cached KB ids, which are the bulk of a machine's row. */
const COLUMNS = [
  'computerDnsName',
  'osPlatform',
  'version',
  'osBuild',
  'rbacGroupName',
  'healthStatus',
  'onboardingStatus',
  'lastSeen',
  'firstSeen',
  'aadDeviceId',
  'machineTags',
  'missing',
  'oldestMissingAt',
  'lastObservedSnapshotId',
  'observedAt',
  'observedLastSeen',
  'state',
] as const

/** Machines, by id. They are shown as they are now: an attribute has no history. */
export const machines: TenantSet = {
  set: machinesSet,
  sortedBy: [['machineId']],
  sizeOf: ({ asOfSnapshot }) => asOfSnapshot?.listed ?? 0,
  async sections(view, query) {
    return sectionsOf(view, query)
  },
  placeOf: ({ machineId }) => ({ partition: '', row: String(machineId), done: true }),
}

function* sectionsOf(view: View, { filter, from, density }: SetQuery): Generator<Section> {
  const machineIds = possibleValuesOf(filter, 'machineId')
  const range = rangeOf(machineIds)
  if (!range) return
  const pages = (span: KeySpan) => pagesOf(view, span)
  const spanOf = (first: string, end: string) => ({ from: { partition: '', row: first }, to: { partition: '', row: end } })
  if (machineIds.kind === 'values') {
    for (const machineId of machineIds.values) yield { span: spanOf(machineId, keyAfter(machineId)), pages }
    return
  }
  for (const cut of machineCuts(range, from?.row, density)) yield { span: spanOf(cut.from, cut.to), pages }
}

async function* pagesOf({ store }: View, span: KeySpan): AsyncGenerator<SpanPage<FeedRow>> {
  for await (const page of store.machines.span(span, COLUMNS)) yield { ...page, rows: page.rows.map(toMachine) }
}

function toMachine(row: SelectedMachine<(typeof COLUMNS)[number]>): RowOf<typeof machinesSet> {
  return {
    machineId: row.machineId,
    computerDnsName: row.computerDnsName,
    osPlatform: row.osPlatform,
    version: row.version,
    osBuild: row.osBuild,
    rbacGroupName: row.rbacGroupName,
    healthStatus: row.healthStatus,
    onboardingStatus: row.onboardingStatus,
    lastSeen: row.lastSeen,
    firstSeen: row.firstSeen,
    aadDeviceId: row.aadDeviceId,
    machineTags: listText(row.machineTags),
    ...latestObservation(row),
  }
}
