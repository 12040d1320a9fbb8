import {
  ageBucketOf,
  daysMissing,
  exposureOf,
  HANDS_ON,
  type Interval,
  isPassedOn,
  missingAt,
  projectChanges,
  TrendCounter,
  UNRESOLVED,
} from '../../src/domain/index.ts'

const MACHINE = { machineId: 'a', computerDnsName: null, osPlatform: null, rbacGroupName: null }

/** The intervals as they were when a snapshot ended. */
export function intervalsAt(intervals: readonly Interval[], snapshotId: string): Interval[] {
  return intervals
    .filter(({ appearedSnapshotId }) => appearedSnapshotId <= snapshotId)
    .map((interval) => ((interval.resolvedSnapshotId ?? '') > snapshotId ? { ...interval, ...UNRESOLVED } : interval))
}

/** What a snapshot counts of machines at its end, from what stands beside each and from its changes. */
export function countedAt(machines: readonly (readonly Interval[])[], snapshotId: string) {
  const counter = new TrendCounter(snapshotId)
  for (const all of machines) {
    const intervals = intervalsAt(all, snapshotId)
    const exposures = missingAt(intervals, snapshotId).map(exposureOf)
    counter.addMachine({ stands: 'observed', isAssessed: true, exposures })
    for (const change of projectChanges(MACHINE, intervals, snapshotId)) counter.addChange(change)
  }
  return { snapshotId, ...counter.standings, ...counter.flows }
}

/** By the design's words alone: is an interval the last of its exposure, as far as a snapshot's end? */
function isLast(interval: Interval, intervals: readonly Interval[]): boolean {
  const { resolvedSnapshotId: end, resolvedReason: reason } = interval
  if (end === null || reason === null) return true
  if (reason === 'superseded') return interval.stillExposed !== true
  if (!HANDS_ON[reason]) return true
  // What another source lists in its place opens in the same observation.
  const later = intervals
    .map(({ appearedSnapshotId }) => appearedSnapshotId)
    .filter((id) => id > end || (reason === 'rebased' && id === end))
  const next = later.sort()[0]
  return !intervals.some(
    (heir) => heir.appearedSnapshotId === next && (heir.kbId === interval.kbId || isPassedOn(interval.productsNames, heir.productsNames)),
  )
}

/** The figure of speed from the intervals, by the design's words: of exposures that began in a snapshot, `since`, or later. */
export function speedAt(machines: readonly (readonly Interval[])[], snapshotId: string, days: number, since = '') {
  const figure = { exposures: 0, installed: 0, leftOut: 0 }
  for (const all of machines) {
    const intervals = intervalsAt(all, snapshotId)
    for (const interval of intervals.filter((one) => isLast(one, intervals))) {
      const { exposedSince } = exposureOf(interval)
      if (exposedSince < since || daysMissing(exposedSince, snapshotId) < days) continue
      const { resolvedReason: reason, resolvedSnapshotId: end } = interval
      const isWithin = end !== null && daysMissing(exposedSince, end) <= days
      const saysNothing = reason !== null && ['removed', 'excluded', 'upgraded', 'rebased', 'superseded'].includes(reason)
      if (saysNothing && isWithin) figure.leftOut++
      else figure.exposures++
      if (reason === 'installed' && isWithin) figure.installed++
    }
  }
  return figure
}

/** Missing pairs by age, and machines by that of their oldest, from the intervals. */
export function agesAt(machines: readonly (readonly Interval[])[], snapshotId: string) {
  const pairs = [0, 0, 0, 0, 0]
  const machinesByAge = [0, 0, 0, 0, 0]
  for (const intervals of machines) {
    const ages = missingAt(intervals, snapshotId).map((one) => daysMissing(exposureOf(one).exposedSince, snapshotId))
    for (const age of ages) pairs[ageBucketOf(age)] = (pairs[ageBucketOf(age)] ?? 0) + 1
    if (ages.length > 0) machinesByAge[ageBucketOf(Math.max(...ages))] = (machinesByAge[ageBucketOf(Math.max(...ages))] ?? 0) + 1
  }
  return { pairs, machinesByAge }
}
