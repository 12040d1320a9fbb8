import { foldedKbId, type Interval } from '../domain/index.ts'

/** A KB that a bulk source lists for a machine, and that another one contains, which it is shown with. */
export interface Contained {
  interval: Interval
  containedIn: string
}

/**
 * What the missing KBs of a machine contain, each with the interval in which it was missed by itself before, else with that of the one that
 * contains it: since when a source lists it beside that one is not kept.
 */
export function containedKbs(missing: readonly Interval[], intervals: readonly Interval[]): Contained[] {
  return missing.flatMap((container) =>
    container.contains.map((kbId) => {
      const own = intervals
        .filter((interval) => foldedKbId(interval.kbId) === foldedKbId(kbId) && interval.appearedSnapshotId <= container.appearedSnapshotId)
        .reduce<Interval | undefined>((last, one) => (last && last.appearedSnapshotId > one.appearedSnapshotId ? last : one), undefined)
      const described = own ?? { ...container, kbName: null, url: null }
      return { interval: { ...described, kbId, derived: true, contains: [] }, containedIn: container.kbId }
    }),
  )
}
