import { byText } from './by-text.ts'
import { daysMissing } from './days-missing.ts'
import { endingOf } from './ending.ts'
import { exposureOf, isLeftTo, isPassedOn } from './exposure.ts'
import type { Interval } from './interval.ts'
import { isSameKb } from './kb-id.ts'
import { isSnapshotId } from './snapshot-id.ts'
import type { TakenOver } from './trend.ts'

/**
 * The intervals of a machine that were the last of their exposures until a snapshot opened others that take them over: those closed by what
 * hands on, since the last opening before. Each with the first of those that take it over, by KB.
 */
export function takenOverIn(intervals: readonly Interval[], snapshotId: string): Map<Interval, Interval[]> {
  const taken = new Map<Interval, Interval[]>()
  const opened = intervals.filter((interval) => interval.appearedSnapshotId === snapshotId).sort((a, b) => byText(a.kbId, b.kbId))
  if (opened.length === 0) return taken
  const lastOpening = intervals.reduce((last, { appearedSnapshotId: id }) => (id < snapshotId && id > last ? id : last), '')
  for (const interval of intervals) {
    if (!isLeftTo(interval, snapshotId, lastOpening)) continue
    const heir = opened.find((other) => isSameKb(interval.kbId, other.kbId) || isPassedOn(interval.productsNames, other.productsNames))
    if (heir) taken.set(heir, [...(taken.get(heir) ?? []), interval])
  }
  return taken
}

/** A closed interval as the end of an exposure that went on after all. */
export function takenOverOf(interval: Interval): TakenOver[] {
  const { resolvedSnapshotId, resolvedReason, stillExposed } = interval
  if (resolvedSnapshotId === null || resolvedReason === null) return []
  const { exposedSince } = exposureOf(interval)
  // Somebody else wrote it: nothing can be taken back of what was never counted so.
  if (!isSnapshotId(exposedSince)) return []
  return [
    { ending: endingOf(resolvedReason, stillExposed), endedDays: daysMissing(exposedSince, resolvedSnapshotId), exposedSince, count: 1 },
  ]
}
