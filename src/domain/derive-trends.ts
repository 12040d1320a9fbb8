import { projectChanges } from './change.ts'
import { cohortPoints } from './cohort-points.ts'
import { dayOf, dayPoint } from './day-point.ts'
import { groupBy } from './group-by.ts'
import { withExposures } from './derive-exposures.ts'
import { type Exposure, exposureOf } from './exposure.ts'
import type { Interval } from './interval.ts'
import { addKbChange, countOf, emptyKbSums, type KbSums, NO_OUTCOMES, outcomesAfter, pairsOf } from './kb-sums.ts'
import type { Kb, KbOutcomes } from './kb.ts'
import type { Snapshot } from './snapshot.ts'
import { TrendCounter } from './trend-counter.ts'
import type { CohortPoint, KbTrendPoint, TrendDay, TrendPoint } from './trend.ts'

/** Of groups nothing is known in what is over: their machines may have been others'. */
const UNNAMED = { machineId: '', computerDnsName: null, osPlatform: null, rbacGroupName: null }

/** What snapshots of before are found to have come to: of the intervals of one machine after another. */
export class DerivedTrends {
  /** By snapshot. */
  readonly counters: Map<string, TrendCounter>
  /** By KB, as its id is spelt, and by snapshot in which it changed. */
  readonly kbs = new Map<string, Map<string, KbSums>>()
  readonly #snapshotIds: readonly string[]

  /** `snapshotIds` of all ended snapshots, oldest first. */
  constructor(snapshotIds: readonly string[]) {
    this.#snapshotIds = snapshotIds
    this.counters = new Map(snapshotIds.map((snapshotId) => [snapshotId, new TrendCounter(snapshotId)]))
  }

  addMachine(stored: readonly Interval[], spellingOf: (kbId: string) => string): void {
    const intervals = withExposures(stored)
    for (const [snapshotId, exposures] of this.#exposures(intervals)) {
      this.counters.get(snapshotId)?.addMachine({ stands: undefined, isAssessed: true, exposures })
    }
    const changedIn = new Set(
      intervals.flatMap(({ appearedSnapshotId: from, resolvedSnapshotId: to }) => (to === null ? [from] : [from, to])),
    )
    for (const snapshotId of changedIn) {
      const counter = this.counters.get(snapshotId)
      if (!counter) continue
      for (const change of projectChanges(UNNAMED, intervals, snapshotId)) {
        counter.addChange(change)
        addKbChange(this.#kb(spellingOf(change.kbId), snapshotId), change)
      }
    }
  }

  /** What a machine missed at the end of each snapshot in which it missed anything. */
  #exposures(intervals: readonly Interval[]): Map<string, Exposure[]> {
    const missed = new Map<string, Exposure[]>()
    for (const interval of intervals) {
      const { appearedSnapshotId, resolvedSnapshotId } = interval
      const exposure = exposureOf(interval)
      for (let index = firstFrom(this.#snapshotIds, appearedSnapshotId); index < this.#snapshotIds.length; index++) {
        const snapshotId = this.#snapshotIds[index] ?? ''
        if (resolvedSnapshotId !== null && snapshotId >= resolvedSnapshotId) break
        const known = missed.get(snapshotId)
        if (known) known.push(exposure)
        else missed.set(snapshotId, [exposure])
      }
    }
    return missed
  }

  #kb(kbId: string, snapshotId: string): KbSums {
    const bySnapshot = this.kbs.get(kbId) ?? new Map<string, KbSums>()
    const found = bySnapshot.get(snapshotId) ?? emptyKbSums()
    this.kbs.set(kbId, bySnapshot.set(snapshotId, found))
    return found
  }
}

/** Of sorted texts the place of the first that is not before one. */
function firstFrom(sorted: readonly string[], text: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? '') < text) low = middle + 1
    else high = middle
  }
  return low
}

/** The point of a snapshot of before: its machines are those that it counted when it ended. */
export function derivedPoint(snapshot: Snapshot, counter: TrendCounter): TrendPoint {
  const { snapshotId, status, source, listed, skipped, missingKbs, calls, throttled, wanted, observed, silent, unknown } = snapshot
  const machines = { machines: wanted, observed, silent, unknown }
  const ofSnapshot = { snapshotId, status, source, listed, skipped, missingKbs, calls, throttled }
  return { ...ofSnapshot, ...counter.standings, ...counter.flows, ...machines }
}

/** The days of points, oldest first. */
export function derivedDays(points: readonly TrendPoint[]): TrendDay[] {
  const byDay = groupBy(points, ({ snapshotId }) => dayOf(snapshotId))
  return [...byDay.values()].flatMap((own) => own.slice(-1).map((last) => dayPoint(own.slice(0, -1), last)))
}

/** A KB at the ends of the snapshots in which it changed, and what became of its pairs by the last of them. */
export function derivedKb(kbId: string, bySnapshot: ReadonlyMap<string, KbSums>): { points: KbTrendPoint[]; outcomes: KbOutcomes | null } {
  const points: KbTrendPoint[] = []
  let outcomes: KbOutcomes | null = null
  let missing = 0
  for (const [snapshotId, sums] of [...bySnapshot].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const before = pairsOf(outcomes)
    const after = outcomesAfter(before, sums)
    outcomes = { snapshotId, ...after, before }
    missing += countOf(sums.appeared) - countOf(sums.resolved)
    points.push({ kbId, snapshotId, missing, appeared: sums.appeared, resolved: sums.resolved, ...after })
  }
  return { points, outcomes }
}

/** The cohorts at the end of each day with a snapshot: `pointsOf` tells those of a KB, oldest first. */
export function derivedCohorts(
  kbs: readonly Kb[],
  pointsOf: (kbId: string) => readonly KbTrendPoint[],
  lastOfDays: readonly string[],
): CohortPoint[] {
  const points = kbs.map((kb) => ({ kb, points: pointsOf(kb.kbId), next: 0 }))
  return lastOfDays.flatMap((snapshotId) => {
    for (const one of points) while ((one.points[one.next]?.snapshotId ?? '~') <= snapshotId) one.next++
    const seen = points.filter(({ kb }) => kb.firstSeenSnapshotId <= snapshotId)
    return cohortPoints(
      seen.map((one) => {
        const last = one.points[one.next - 1]
        return { ...one.kb, missing: last?.missing ?? 0, outcomes: last ?? NO_OUTCOMES }
      }),
      snapshotId,
    )
  })
}
