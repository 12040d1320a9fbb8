import {
  type GroupPoint,
  type Snapshot,
  snapshotIdAfter,
  sumExposures,
  type Standings,
  sumDeadlines,
  sumOf,
  type Top,
  type TopList,
} from '../../domain/index.ts'
import type { TenantStore } from '../../store/index.ts'
import { type CohortSeries, newestCohorts } from './cohorts.ts'
import { byPairs } from './groups.ts'
import { fold, type Grain, readSeries, type SeriesPoint } from './series.ts'
import type { Stretch } from './stretch.ts'

/** What a tenant's first page shows, in four reads beside those of its row and its snapshots. */
export interface Overview {
  stretch: Stretch
  /** The points of the stretch, one a snapshot; the last is that of the snapshot that all is as of, where it was counted. */
  points: SeriesPoint[]
  trend: { grain: Grain; points: SeriesPoint[] }
  cohorts: CohortSeries[]
  groups: GroupPoint[]
  /** Those beyond the groups that are shown, as one. */
  others?: Standings & { groups: number }
  top: { [L in TopList]?: Top<L> }
}

export const OVERVIEW_POLICY = {
  days: 90,
  /** Points of the trend. */
  points: 90,
  cohorts: 4,
  groups: 50,
  /** Rows that one request brings, with room for snapshots that were asked for by hand. */
  rows: 900,
  /** More make no difference. */
  startsADay: 300,
} as const

/** `startsADay` are the snapshots that the schedule has in a day: with many, the stretch is what one request brings. */
export async function readOverview(
  store: Pick<TenantStore, 'trends'>,
  { snapshotId }: Pick<Snapshot, 'snapshotId'>,
  startsADay: number,
): Promise<Overview> {
  const days = Math.max(1, Math.min(OVERVIEW_POLICY.days, Math.floor(OVERVIEW_POLICY.rows / Math.max(1, startsADay))))
  const stretch = { from: snapshotIdAfter(snapshotId, -days * 86_400), to: snapshotId }
  const [{ points }, cohorts, groups, top] = await Promise.all([
    readSeries(store, stretch, 'snapshot'),
    newestCohorts(store, { snapshotId }, OVERVIEW_POLICY.cohorts),
    store.trends.groups('rbacGroup', 'snapshot', { from: snapshotId, to: snapshotId }),
    store.trends.top(snapshotId),
  ])
  return { stretch, points, trend: trendOf(points), cohorts, ...largest(groups), top }
}

function trendOf(points: SeriesPoint[]): Overview['trend'] {
  const { points: most } = OVERVIEW_POLICY
  if (points.length <= most) return { grain: 'snapshot', points }
  return { grain: 'day', points: fold(points, (id) => id.slice(0, 8)).slice(-most) }
}

function largest(all: readonly GroupPoint[]): Pick<Overview, 'groups' | 'others'> {
  const sorted = [...all].sort(byPairs)
  const [groups, rest] = [sorted.slice(0, OVERVIEW_POLICY.groups), sorted.slice(OVERVIEW_POLICY.groups)]
  return rest.length === 0 ? { groups } : { groups, others: { groups: rest.length, ...sumStandings(rest) } }
}

function sumStandings(all: readonly Standings[]): Standings {
  const sum = (name: 'machines' | 'observed' | 'unknown') => sumOf(all.map((one) => one[name]))
  const byAge = (name: 'pairs' | 'pairsAtLeast' | 'machinesByAge') =>
    all.reduce<readonly number[]>((sums, one) => one[name].map((count, index) => count + (sums[index] ?? 0)), [])
  return {
    machines: sum('machines'),
    observed: sum('observed'),
    unknown: sum('unknown'),
    silent: all.some(({ silent }) => silent === null) ? null : sumOf(all.map(({ silent }) => silent ?? 0)),
    pairs: byAge('pairs'),
    pairsAtLeast: byAge('pairsAtLeast'),
    machinesByAge: byAge('machinesByAge'),
    exposed: sumExposures(all.map(({ exposed }) => exposed)),
    deadlines: sumDeadlines(all.map(({ deadlines }) => deadlines)),
  }
}
