import { DAY_MS, FIRST_SNAPSHOT_ID, type Snapshot, snapshotStartMs, snapshotIdOf, dayOf } from '../../domain/index.ts'
import type { Moment } from '../moment.ts'

/** A stretch of time by snapshot ids, both inclusive. */
export interface Stretch {
  from: string
  to: string
}

/** Where a stretch may begin. */
export type Beginning = Exclude<Moment, { kind: 'previous' }>

/** Where a trend begins when nothing is said. */
const STANDARD_DAYS = 90
export const STANDARD_BEGINNING = {
  kind: 'earlier',
  milliseconds: STANDARD_DAYS * DAY_MS,
  text: `-${STANDARD_DAYS}d`,
} as const satisfies Beginning

/**
 * The stretch from a moment to a snapshot. What is before all history begins with it: a trend is what there is. A date is its beginning here.
 */
export function stretchTo(to: Pick<Snapshot, 'snapshotId'>, from: Beginning): Stretch {
  return { from: beginningOf(from, to.snapshotId), to: to.snapshotId }
}

function beginningOf(moment: Beginning, toId: string): string {
  switch (moment.kind) {
    case 'latest':
      return toId
    case 'snapshot':
      return moment.snapshotId
    case 'atOrBefore':
      return isDate(moment.text) ? `${dayOf(moment.snapshotId)}T000000Z` : moment.snapshotId
    case 'earlier': {
      const id = snapshotIdOf(Math.max(snapshotStartMs(toId) - moment.milliseconds, snapshotStartMs(FIRST_SNAPSHOT_ID)))
      return id > FIRST_SNAPSHOT_ID ? id : FIRST_SNAPSHOT_ID
    }
  }
}

const isDate = (text: string) => !/t/i.test(text)
