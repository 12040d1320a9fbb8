import { byText } from './by-text.ts'
import { type Beginning, Inheritance, isPassedOn, stillExposedAfter } from './exposure.ts'
import type { Interval } from './interval.ts'

/**
 * All intervals of a machine with their exposures: those of an older version get theirs from what superseded what, the earliest first. The
 * same array where none is without. Of those that tell when and not with which KB it began, that is derived.
 */
export function withExposures(intervals: readonly Interval[]): readonly Interval[] {
  if (intervals.every(isTold)) return intervals
  const openings = openedIn(intervals)
  const derived = new Map<string, Interval>()
  for (const [snapshotId, opened] of openings) {
    const inheritance = new Inheritance([...derived.values()], snapshotId, ({ productsNames }) => productsNames)
    for (const interval of opened) {
      derived.set(keyOf(interval), isTold(interval) ? interval : { ...interval, ...derivedBeginning(interval, inheritance) })
    }
  }
  return intervals.map((interval) => withOutcome(derived.get(keyOf(interval)) ?? interval, openings))
}

/** An exposure that began with its interval began with its KB. */
const isTold = ({ exposedSince, appearedSnapshotId, exposedWith }: Interval) =>
  exposedSince !== null && (exposedSince === appearedSnapshotId || exposedWith.length > 0)

/** Where the other intervals do not lead to the beginning that was stored, the KB stands for the one that it began with. */
function derivedBeginning(interval: Interval, inheritance: Inheritance): Beginning {
  const { exposedSince, exposedAtLeast, kbId } = interval
  const derived = inheritance.of(interval)
  if (exposedSince === null) return derived
  return { exposedSince, exposedAtLeast, exposedWith: derived.exposedSince === exposedSince ? derived.exposedWith : [kbId] }
}

/** The intervals by the snapshot that opened them, the earliest first. */
function openedIn(intervals: readonly Interval[]): ReadonlyMap<string, readonly Interval[]> {
  const openings = new Map<string, Interval[]>()
  for (const interval of [...intervals].sort((a, b) => byText(a.appearedSnapshotId, b.appearedSnapshotId))) {
    const opened = openings.get(interval.appearedSnapshotId)
    if (opened) opened.push(interval)
    else openings.set(interval.appearedSnapshotId, [interval])
  }
  return openings
}

const keyOf = ({ kbId, appearedSnapshotId }: Interval) => `${kbId}\n${appearedSnapshotId}`

/** What a row of an older version does not tell of its end. */
function withOutcome(interval: Interval, openings: ReadonlyMap<string, readonly Interval[]>): Interval {
  const { resolvedSnapshotId, resolvedReason, stillExposed, productsNames } = interval
  if (resolvedSnapshotId === null || resolvedReason === null || stillExposed !== null) return interval
  const successors = openings.get(resolvedSnapshotId) ?? []
  const isHandedOn = successors.some((successor) => isPassedOn(productsNames, successor.productsNames))
  return { ...interval, stillExposed: stillExposedAfter(resolvedReason, isHandedOn) }
}
