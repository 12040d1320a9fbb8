import type { z } from 'zod'
import type { kbMachinesRoute } from '../../src/http/routes/kb-machines.ts'
import type { ChangeShape } from '../../src/http/shapes/change.ts'
import type { intervalSchema } from '../../src/http/shapes/interval.ts'
import type { kbSchema } from '../../src/http/shapes/kb.ts'
import { dayOf, grouped } from './numbers.ts'
import { textTable, type TextTable } from './text-table.ts'

type Reason = ChangeShape['reason']
type Interval = z.output<typeof intervalSchema>
type Kb = z.output<typeof kbSchema>
type MachineMissing = z.output<(typeof kbMachinesRoute)['responses'][200]>['machines'][number]

/** How many changes had a reason. */
export interface ReasonCounts {
  key: string
  appeared: number
  resolved: number
}

const right = (title: string) => ({ title, align: 'right' as const })

/** What each reason of the contract means, in the words of a person, in the contract's order. */
const reasonWords = {
  baseline: 'missing at the first look',
  machineAdded: 'on a new machine',
  reopened: 'gone before, and back',
  new: 'newly published or needed',
  superseded: 'replaced by a newer KB',
  installed: 'gone, and the machine has reported since',
  silent: 'silent for over 30 days',
  reassessed: 'gone, and the machine has not reported since',
  removed: 'machine left Defender',
  excluded: 'machine no longer asked',
} satisfies Record<Reason, string>

const rank = (reason: string): number => Object.keys(reasonWords).indexOf(reason)

const countOf = (count: number): string => (count === 0 ? '' : grouped(count))

/** Changes by reason; `total` is what the last row says. */
export function reasonTable(groups: readonly ReasonCounts[], total: ReasonCounts, width: number): TextTable {
  const row = ({ key, appeared, resolved }: ReasonCounts) => [key, countOf(appeared), countOf(resolved), reasonWords[key as Reason] ?? '']
  const rows = groups.toSorted((a, b) => rank(a.key) - rank(b.key)).map(row)
  return textTable([{ title: 'reason' }, right('appeared'), right('resolved'), { title: 'meaning' }], [...rows, row(total)], width)
}

/** The intervals of a machine, oldest first. */
export function historyTable(intervals: readonly Interval[], width: number): TextTable {
  const rows = intervals
    .toReversed()
    .map((interval) => [
      interval.kbId,
      dayOf(interval.firstMissingAt),
      interval.appearedReason,
      interval.resolvedAt ? dayOf(interval.resolvedAt) : '',
      grouped(interval.daysMissing),
      whyResolved(interval),
    ])
  return textTable(
    [{ title: 'KB' }, { title: 'appeared' }, { title: 'reason' }, { title: 'resolved' }, right('days'), { title: 'reason' }],
    rows,
    width,
  )
}

function whyResolved({ state, resolvedReason, replacedBy = [] }: Interval): string {
  if (state === 'open') return 'still missing'
  return resolvedReason === 'superseded' && replacedBy.length > 0 ? `superseded by ${replacedBy.join(', ')}` : (resolvedReason ?? '')
}

export function kbTable(kbs: readonly Kb[], width: number): TextTable {
  const rows = kbs.map((kb) => [
    kb.kbId,
    grouped(kb.machinesMissing),
    dayOf(kb.firstSeenAt),
    kb.productsNames.map(readable).join(', '),
    kb.kbName ?? '',
  ])
  return textTable([{ title: 'KB' }, right('machines'), { title: 'first seen' }, { title: 'products' }, { title: 'name' }], rows, width)
}

/** windows_10 -> windows 10 */
const readable = (product: string): string => product.replaceAll('_', ' ')

export function machineTable(machines: readonly MachineMissing[], width: number): TextTable {
  const rows = machines.map(({ computerDnsName, machineId, osPlatform, firstMissingAt, daysMissing }) => [
    computerDnsName ?? machineId,
    osPlatform ?? '',
    dayOf(firstMissingAt),
    grouped(daysMissing),
  ])
  return textTable([{ title: 'machine' }, { title: 'platform' }, { title: 'missing from' }, right('days')], rows, width)
}
