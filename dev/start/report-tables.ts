import type { z } from 'zod'
import type { ChangeShape } from '../../src/http/shapes/change.ts'
import type { intervalSchema } from '../../src/http/shapes/interval.ts'
import type { kbSchema } from '../../src/http/shapes/kb.ts'
import type { topMachineSchema } from '../../src/http/shapes/top.ts'
import { type Column, counted, dayOf, grouped, textTable, type TextTable } from './text.ts'

type Reason = ChangeShape['reason']
type Interval = z.output<typeof intervalSchema>
type TopMachine = z.output<typeof topMachineSchema>

/** How many changes had a reason. */
export interface ReasonCounts {
  key: string
  appeared: number
  resolved: number
  /** Of the resolved, those that leave the machine exposed. */
  stillExposed: number
}

/** What each reason of the contract means, in the words of a person, in the order in which they are shown. */
const reasonWords = {
  baseline: 'missing at the first look',
  machineAdded: 'on a new machine',
  reopened: 'gone before, and back',
  new: 'newly published or needed',
  installed: 'patched, and the machine has reported it',
  superseded: 'replaced by a newer KB',
  upgraded: 'gone with the operating system',
  rebased: 'listed otherwise by another source',
  silent: 'no report for over 30 days',
  reassessed: 'gone, and the machine has not reported since',
  removed: 'machine left Defender',
  excluded: 'machine no longer asked',
} satisfies Record<Reason, string>

const countOf = (count: number): string => (count === 0 ? '' : grouped(count))

const reasonColumns: Column<ReasonCounts>[] = [
  { title: 'reason', of: ({ key }) => key },
  { title: 'appeared', right: true, of: ({ appeared }) => countOf(appeared) },
  { title: 'resolved', right: true, of: ({ resolved }) => countOf(resolved) },
  { title: 'meaning', of: meaningOf },
]

/** In the words of a person, with what a superseded KB leaves behind. */
export function meaningOf({ key, stillExposed }: ReasonCounts): string {
  const words = reasonWords[key as Reason] ?? ''
  return key === 'superseded' && stillExposed > 0 ? `${words}; ${grouped(stillExposed)} still exposed` : words
}

const rankOf = ({ key }: ReasonCounts): number => Object.keys(reasonWords).indexOf(key)

/** In the order in which reasons are shown. */
export const byReason = (a: ReasonCounts, b: ReasonCounts): number => rankOf(a) - rankOf(b)

/** Changes by reason; `total` is what the last row says. */
export function reasonTable(groups: readonly ReasonCounts[], total: ReasonCounts, width: number): TextTable {
  return textTable(reasonColumns, [...groups.toSorted(byReason), total], width)
}

const intervalColumns: Column<Interval>[] = [
  { title: 'KB', of: ({ kbId }) => kbId },
  { title: 'appeared', of: ({ firstMissingAt }) => dayOf(firstMissingAt) },
  { title: 'reason', of: ({ appearedReason }) => appearedReason },
  { title: 'resolved', of: ({ resolvedAt }) => dayOf(resolvedAt ?? '') },
  { title: 'exposed', right: true, of: exposedFor },
  { title: 'reason', of: whyResolved },
]

function exposedFor({ daysExposed, exposedAtLeast }: Pick<Interval, 'daysExposed' | 'exposedAtLeast'>): string {
  return `${exposedAtLeast ? '≥ ' : ''}${grouped(daysExposed)} d`
}

function whyResolved({ state, resolvedReason, replacedBy = [] }: Interval): string {
  if (state === 'open') return 'still missing'
  return resolvedReason === 'superseded' && replacedBy.length > 0 ? `superseded by ${replacedBy.join(', ')}` : (resolvedReason ?? '')
}

/** The intervals of a machine, oldest first. */
export const historyTable = (newestFirst: readonly Interval[], width: number): TextTable =>
  textTable(intervalColumns, newestFirst.toReversed(), width)

export const kbColumns: Column<z.output<typeof kbSchema>>[] = [
  { title: 'KB', of: ({ kbId }) => kbId },
  { title: 'machines', right: true, of: ({ machinesMissing }) => grouped(machinesMissing) },
  { title: 'first seen', of: ({ firstSeenAt }) => dayOf(firstSeenAt) },
  { title: 'products', of: ({ productsNames }) => productsNames.join(', ').replaceAll('_', ' ') },
  { title: 'name', of: ({ kbName }) => kbName ?? '' },
]

export const machineColumns: Column<TopMachine>[] = [
  { title: 'machine', of: ({ computerDnsName, machineId }) => computerDnsName ?? machineId },
  { title: 'platform', of: ({ osPlatform }) => osPlatform ?? '' },
  { title: 'exposed for', right: true, of: exposedInWords },
  { title: 'KBs missing', right: true, of: ({ missing }) => countOf(missing ?? 0) },
]

function exposedInWords({ daysExposed = 0, exposedAtLeast }: TopMachine): string {
  return `${exposedAtLeast ? 'at least ' : ''}${counted(daysExposed, 'day')}`
}

/** A story of more lines than this is no longer taken in at a glance. */
const mostChanges = 14

/**
 * The machine with the most varied story that is not too long: of those with the most reasons, the one with the most changes. One that
 * left explains little by its end.
 */
export function pickMachine(changes: readonly Pick<ChangeShape, 'machineId' | 'reason'>[]): string | undefined {
  const stories = new Map<string, Reason[]>()
  for (const { machineId, reason } of changes) stories.set(machineId, [...(stories.get(machineId) ?? []), reason])
  const candidates = [...stories].map(([machineId, reasons]) => ({ machineId, reasons, variety: new Set(reasons).size }))
  const short = candidates.filter(({ reasons }) => reasons.length <= mostChanges && !reasons.includes('removed'))
  const [best] = (short.length > 0 ? short : candidates).sort(
    (a, b) => b.variety - a.variety || b.reasons.length - a.reasons.length || (a.machineId < b.machineId ? -1 : 1),
  )
  return best?.machineId
}
