import {
  cellsOf,
  DAY_MS,
  daysOf,
  type DayCounts,
  type Ending,
  ENDINGS,
  installedWithin,
  type InstalledWithin,
  percentileOf,
  reasonOf,
  type ResolvedReason,
  snapshotStartMs,
  sumExposures,
  totalOf,
} from '../../domain/index.ts'
import type { SeriesPoint } from './series.ts'
import type { Stretch } from './stretch.ts'

export const PERCENTILES = ['p50', 'p75', 'p90', 'p95'] as const
type Percentile = (typeof PERCENTILES)[number]

/** How long what ended in a stretch of time had been exposed, and what is older and still open. */
export interface TimeToPatch {
  n: number
  percentiles: Record<Percentile, number | null>
  /** How exact days are: they are multiples of what lies between two snapshots. */
  resolutionDays: number
  /** Counts by the cells of days. */
  cells: number[]
  stillMissing: { n: number; over: Record<'p50' | 'p90', number> }
  within: InstalledWithin
}

const SHARES: Record<Percentile, number> = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95 }

/**
 * The figures over the points of a stretch, which are its days or snapshots. `reason` is what exposures ended by; `days` those within
 * which they should have been installed.
 */
export function timeToPatch(points: readonly SeriesPoint[], stretch: Stretch, reason: ResolvedReason, days: number): TimeToPatch {
  const endings = ENDINGS.filter((ending) => reasonOf(ending) === reason)
  const took = daysOf(sumExposures(points.flatMap(({ ended }) => endings.map((ending: Ending) => ended[ending]))))
  const last = points.at(-1)
  const open: DayCounts = last ? daysOf(last.exposed) : new Map()
  const percentiles = Object.fromEntries(PERCENTILES.map((name) => [name, percentileOf(took, SHARES[name])] as const))
  const over = (name: 'p50' | 'p90') => olderThan(open, percentileOf(took, SHARES[name]))
  return {
    n: totalOf(took),
    percentiles: percentiles as Record<Percentile, number | null>,
    resolutionDays: resolutionOf(points),
    cells: cellsOf(took),
    stillMissing: { n: totalOf(open), over: { p50: over('p50'), p90: over('p90') } },
    within: installedWithin(days, last ?? { snapshotId: stretch.to, exposed: new Map() }, points, stretch.from),
  }
}

/** Where nothing ended there is no time to be older than. */
function olderThan(open: DayCounts, days: number | null): number {
  return days === null ? 0 : totalOf(new Map([...open].filter(([age]) => age > days)))
}

/** The middle one of what lies between two points, in whole days; a day at least. */
function resolutionOf(points: readonly SeriesPoint[]): number {
  const gaps = points
    .slice(1)
    .map(({ snapshotId }, index) => snapshotStartMs(snapshotId) - snapshotStartMs(points[index]?.snapshotId ?? snapshotId))
    .sort((a, b) => a - b)
  return Math.max(1, Math.round((gaps[Math.floor(gaps.length / 2)] ?? 0) / DAY_MS))
}
