import type { KbAttributes } from './kb.ts'
import type { AppearedReason, ResolvedReason } from './reasons.ts'

/** One stretch in which a machine misses a KB, with the KB as it was described when it opened. */
export interface Interval extends KbAttributes {
  kbId: string
  appearedSnapshotId: string
  appearedReason: AppearedReason
  appearedObservedAt: string
  /** null while the interval is open, as all that tells of its end. */
  resolvedSnapshotId: string | null
  resolvedReason: ResolvedReason | null
  resolvedObservedAt: string | null
  /** The last snapshot that still saw the KB missing. */
  lastMissingSnapshotId: string | null
  replacedBy: readonly string[]
  /** What was last said of it, a bulk source said: derived from the fixes of single vulnerabilities, not Defender's own answer. */
  derived: boolean
  /** KBs that the bulk source lists beside it and that it contains, sorted. */
  contains: readonly string[]
  /** The snapshot in which the exposure began that the interval belongs to; null in a row of an older version. */
  exposedSince: string | null
  /** The exposure may have begun before. */
  exposedAtLeast: boolean
  /** Ids of the KBs that the exposure began with, sorted; empty where that is this one, or where an older version wrote the row. */
  exposedWith: readonly string[]
  /** Of a closed one, whether the machine stayed exposed: null where nothing can be claimed. */
  stillExposed: boolean | null
}

export type MachineInterval = Interval & { machineId: string }

export const isOpen = (interval: Pick<Interval, 'resolvedSnapshotId'>) => interval.resolvedSnapshotId === null

/** What an interval has while it is open. */
export const UNRESOLVED = {
  resolvedSnapshotId: null,
  resolvedReason: null,
  resolvedObservedAt: null,
  lastMissingSnapshotId: null,
  replacedBy: [],
  stillExposed: null,
} as const satisfies Partial<Interval>

/** The intervals that hold at a snapshot's end: opened in it or before, and not closed by then. */
export function missingAt(intervals: readonly Interval[], snapshotId: string): Interval[] {
  return intervals.filter(
    ({ appearedSnapshotId, resolvedSnapshotId }) =>
      appearedSnapshotId <= snapshotId && (resolvedSnapshotId === null || resolvedSnapshotId > snapshotId),
  )
}
