import { type AgeCounts, NO_AGES } from './age.ts'
import type { DeadlineCounts } from './deadline-counts.ts'
import { totalOf } from './day-counts.ts'
import { type Ending, ENDINGS, reasonOf } from './ending.ts'
import { type ExposureCounts, NO_EXPOSURES, sumExposures } from './exposure-counts.ts'
import type { PairOutcomes } from './kb.ts'
import { APPEARED_REASONS, type AppearedReason, type ResolvedReason, RESOLVED_REASONS } from './reasons.ts'
import type { Snapshot } from './snapshot.ts'

/** What machines stand at, at a snapshot's end: of a tenant, or of one group of it. Ages are those of exposures. */
export interface Standings {
  /** To be asked: those observed, and those unknown. */
  machines: number
  observed: number
  /** Of the observed, those that are not assessed; null where an older version did not count them. */
  silent: number | null
  unknown: number
  /** Missing pairs by age. */
  pairs: AgeCounts
  /** Of `pairs`, those whose exposure may have begun before. */
  pairsAtLeast: AgeCounts
  /** Machines that miss something, by the age of their oldest exposure. */
  machinesByAge: AgeCounts
  /** Missing pairs by the beginning of their exposure. */
  exposed: ExposureCounts
  /** What they stand at by their deadlines; null where that was not counted. */
  deadlines: DeadlineCounts | null
}

/** Exposures that were taken for ended, and that went on in this snapshot: a machine that came back. */
export interface TakenOver {
  /** How the interval ended that is no longer the last one of its exposure. */
  ending: Ending
  /** Days of exposure when it ended. */
  endedDays: number
  exposedSince: string
  count: number
}

/** What came to pass in a snapshot, or in several of them: flows add up. */
export interface Flows {
  appeared: Readonly<Record<AppearedReason, number>>
  /** Intervals that closed, by their exposures as they were at the end. */
  ended: Readonly<Record<Ending, ExposureCounts>>
  /** Of those installed, the ones whose exposure may have begun before. */
  installedAtLeast: ExposureCounts
  takenOver: readonly TakenOver[]
}

type OfSnapshot = Pick<Snapshot, 'snapshotId' | 'status' | 'source' | 'listed' | 'skipped' | 'missingKbs' | 'calls' | 'throttled'>

/** A snapshot as a point of a trend: what a tenant stands at when it ends, and what came to pass in it. */
export type TrendPoint = OfSnapshot & Standings & Flows

/** The last snapshot of a UTC day, with what came to pass, and was called, in all that ended with ids of that day. */
export type TrendDay = TrendPoint & { day: string }

/** By what machines are grouped. */
export const GROUPINGS = ['rbacGroup', 'osPlatform'] as const
export type Grouping = (typeof GROUPINGS)[number]

/** The stretches of time for which groups have a point: a snapshot, a UTC day (`20260518`), a month (`202605`). */
export const GROUP_PERIODS = ['snapshot', 'day', 'month'] as const
export type GroupPeriod = (typeof GROUP_PERIODS)[number]

/** A group at the last snapshot of a period, with what came to pass in it. `group` is null for machines without one. */
export type GroupPoint = Standings & Flows & { group: string | null; snapshotId: string; period: string }

/**
 * What became of a cohort's pairs by the end of a day: each pair of machine and KB counts once, by its last interval, so that those missing
 * and those of every reason add up to those that were opened.
 */
export interface CohortPoint extends PairOutcomes {
  cohort: string
  /** `20260518`. */
  day: string
  /** The last snapshot of the day. */
  snapshotId: string
  kbs: number
  missing: number
}

/** A KB at the end of a snapshot in which it changed: what came to pass in it, and what became of all pairs up to then, as in a cohort. */
export interface KbTrendPoint extends PairOutcomes {
  kbId: string
  snapshotId: string
  missing: number
  appeared: Readonly<Record<AppearedReason, number>>
  resolved: Readonly<Record<ResolvedReason, number>>
}

export const NO_APPEARED = countsOf(APPEARED_REASONS, 0)
export const NO_RESOLVED = countsOf(RESOLVED_REASONS, 0)

export const NO_STANDINGS: Standings = {
  machines: 0,
  observed: 0,
  silent: 0,
  unknown: 0,
  pairs: NO_AGES,
  pairsAtLeast: NO_AGES,
  machinesByAge: NO_AGES,
  exposed: NO_EXPOSURES,
  deadlines: null,
}

export const NO_FLOWS: Flows = {
  appeared: NO_APPEARED,
  ended: countsOf<Ending, ExposureCounts>(ENDINGS, NO_EXPOSURES),
  installedAtLeast: NO_EXPOSURES,
  takenOver: [],
}

/** Intervals that closed, by reason. */
export function resolvedOf({ ended }: Pick<Flows, 'ended'>): Record<ResolvedReason, number> {
  const resolved = { ...NO_RESOLVED }
  for (const ending of ENDINGS) resolved[reasonOf(ending)] += totalOf(ended[ending])
  return resolved
}

/** The flows of a range, from those of its snapshots, days or months. */
export function sumFlows(all: readonly Flows[]): Flows {
  const appeared = { ...NO_APPEARED }
  for (const flows of all) for (const reason of APPEARED_REASONS) appeared[reason] += flows.appeared[reason]
  const ended = { ...NO_FLOWS.ended }
  for (const ending of ENDINGS) ended[ending] = sumExposures(all.map((flows) => flows.ended[ending]))
  return {
    appeared,
    ended,
    installedAtLeast: sumExposures(all.map((flows) => flows.installedAtLeast)),
    takenOver: mergeTakenOver(all.flatMap((flows) => flows.takenOver)),
  }
}

/** Those that are alike in one. */
export function mergeTakenOver(all: readonly TakenOver[]): TakenOver[] {
  const merged = new Map<string, TakenOver>()
  for (const one of all) {
    const key = `${one.ending} ${one.endedDays} ${one.exposedSince}`
    merged.set(key, { ...one, count: one.count + (merged.get(key)?.count ?? 0) })
  }
  return [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

function countsOf<Name extends string, Value>(names: readonly Name[], value: Value): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, value])) as Record<Name, Value>
}
