import { type ShownState } from './assessed.ts'
import { byText } from './by-text.ts'
import type { Kb } from './kb.ts'
import type { Machine } from './machine.ts'

/** The lists that are kept of a tenant, each of the 100 first: what a page shows at a glance. */
export const TOP_LISTS = ['oldestMachines', 'worstMachines', 'worstKbs', 'longUnknown'] as const
export type TopList = (typeof TOP_LISTS)[number]

export const MOST_IN_TOP = 100

/** A machine on a list, as it was listed last and as it was observed last. */
export interface TopMachine extends Pick<
  Machine,
  | 'machineId'
  | 'computerDnsName'
  | 'osPlatform'
  | 'version'
  | 'rbacGroupName'
  | 'healthStatus'
  | 'lastSeen'
  | 'missing'
  | 'oldestMissingAt'
  | 'lastObservedSnapshotId'
  | 'code'
> {
  /** The beginning of its oldest exposure; null where it misses nothing. */
  exposedSince: string | null
  exposedAtLeast: boolean
  state: ShownState
}

export type TopKb = Pick<Kb, 'kbId' | 'kbName' | 'cohort' | 'machinesMissing'>

export interface TopItems {
  oldestMachines: TopMachine
  worstMachines: TopMachine
  worstKbs: TopKb
  longUnknown: TopMachine
}

/** A list at the end of a snapshot. */
export interface Top<L extends TopList = TopList> {
  list: L
  snapshotId: string
  /** How many there are in all. */
  total: number
  items: readonly TopItems[L][]
}

/** The order of each list; what is alike goes by id. */
export const TOP_ORDER: { readonly [L in TopList]: (a: TopItems[L], b: TopItems[L]) => number } = {
  oldestMachines: (a, b) =>
    byText(a.exposedSince ?? '~', b.exposedSince ?? '~') || b.missing - a.missing || byText(a.machineId, b.machineId),
  worstMachines: (a, b) => b.missing - a.missing || byText(a.machineId, b.machineId),
  worstKbs: (a, b) => b.machinesMissing - a.machinesMissing || byText(a.kbId, b.kbId),
  // One that no snapshot ever observed is unknown longest.
  longUnknown: (a, b) => byText(a.lastObservedSnapshotId ?? '', b.lastObservedSnapshotId ?? '') || byText(a.machineId, b.machineId),
}

/** The first of items in the order of their list. */
export function topOf<L extends TopList>(list: L, items: readonly TopItems[L][]): TopItems[L][] {
  return [...items].sort(TOP_ORDER[list]).slice(0, MOST_IN_TOP)
}
