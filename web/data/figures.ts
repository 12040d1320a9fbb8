import type { AppearedReason, ResolvedReason } from '../../src/domain/reasons.ts'
import type { SnapshotRef, TopKb, TopMachine } from './answers.ts'

// What the page reads of the API's counted figures. A test compares these with the schemas of the routes.

export interface AgeBucket {
  from: number
  to: number | null
}

export interface Standings {
  coverage: number
  assessed: number | null
  asked: number
  observed: number
  silent: number | null
  unknown: number
  pairs: number[]
  atLeast: number
  pairsAtLeast: number[]
  machines: number[]
}

export interface TrendPoint extends Standings {
  snapshotId: string
  at: string
  status?: string | undefined
  appeared: Record<AppearedReason, number>
  resolved: Record<ResolvedReason, number>
  calls?: number | undefined
  throttled?: number | undefined
}

/** What machines stood at, over time; of a group, with the day since which groups are counted. */
export interface Trend {
  grain: string
  ageBuckets: AgeBucket[]
  points: TrendPoint[]
  since?: string | undefined
}

export interface CohortPoint extends Record<ResolvedReason, number> {
  at: string
  day: number
  kbs: number
  opened: number
  missing: number
}

export interface Cohort {
  cohort: string
  patchTuesday: string
  opened: number
  kbs: number
  daysToHalf: number | null
  daysToNineTenths: number | null
  points: CohortPoint[]
}

export interface CohortsAnswer {
  cohorts: Cohort[]
}

/** A KB at a snapshot in which it changed. */
export interface KbPoint {
  snapshotId: string
  at: string
  cumulative: Omit<CohortPoint, 'at' | 'day' | 'kbs'>
}

export interface KbTrend {
  points: KbPoint[]
}

/** A group in a month. */
export interface GroupCell {
  month: string
  pairs: number
  over30: number
  machines: number
  installed: number
}

export interface Group extends Standings {
  key: string | null
  cells: GroupCell[]
}

export interface GroupsAnswer {
  months: string[]
  groups: Group[]
}

export interface TimeToPatch {
  n: number
  p50: number | null
  p90: number | null
  resolutionDays: number
  stillMissing: { n: number; over: { p50: number; p90: number } }
  installedWithin: { days: number; exposures: number; installed: number; share: number | null }
}

export interface Running {
  snapshotId: string
  status: string
  progress?: number | undefined
  etaSeconds?: number | null | undefined
}

export interface Overview {
  asOf: SnapshotRef
  ageHours: number
  status: string
  detail?: string | undefined
  running?: Running | undefined
  totals: { pairs: number; atLeast: number | null; ages: number[] | null; machines: number; kbs: number }
  comparedWith?: { snapshotId: string; startedAt: string } | undefined
  delta?: { pairs: number; machines: number; kbs: number } | undefined
  flows?: { appeared: Record<AppearedReason, number>; resolved: Record<ResolvedReason, number> } | undefined
  timeToPatch: TimeToPatch & { from: string }
  trend: { from: string; grain: string; ageBuckets: AgeBucket[]; points: TrendPoint[] }
  cohorts: Cohort[]
  groups: (Standings & { key: string | null })[]
  others?: (Standings & { groups: number }) | undefined
  worstKbs: TopKb[]
  oldestMachines: TopMachine[]
  unknown: { count: number; sample: TopMachine[] }
}
