import { beginningOf } from './exposure.ts'
import { type Interval, isOpen } from './interval.ts'
import { withExposures } from './derive-exposures.ts'
import type { Machine, MissingSince } from './machine.ts'

/** A KB that a machine misses, since when, and with which KBs its exposure began. */
export interface MissingPair extends MissingSince {
  kbId: string
}

/** What a machine misses, as it stands beside it; undefined where its intervals have to be read. */
export function keptPairs({ missingKbIds, missingSince }: Pick<Machine, 'missingKbIds' | 'missingSince'>): MissingPair[] | undefined {
  if (missingKbIds === null || missingSince?.length !== missingKbIds.length) return undefined
  return missingSince.flatMap((since, index) => {
    const kbId = missingKbIds[index]
    return kbId === undefined ? [] : [{ ...since, kbId }]
  })
}

/** The same by its intervals. */
export function openPairs(intervals: readonly Interval[]): MissingPair[] {
  return withExposures(intervals)
    .filter(isOpen)
    .map((interval) => ({ kbId: interval.kbId, appearedSnapshotId: interval.appearedSnapshotId, ...beginningOf(interval) }))
}
