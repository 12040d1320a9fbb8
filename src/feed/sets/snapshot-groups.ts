import { isEnded, madeChanges, type Snapshot } from '../../domain/index.ts'
import { monthOf } from '../../store/index.ts'
import { type PossibleValues, isPossible } from '../filter/possible-values.ts'
import { FEED_POLICY } from '../read/policy.ts'
import { snapshotIdRange } from './possible-snapshot-ids.ts'
import type { View } from './view.ts'

/** Snapshots of one month, one after the other, that are read together. */
export interface SnapshotGroup {
  first: string
  last: string
  /** Rows they are likely to have. */
  rows: number
  /** A snapshot among them that made changes. */
  changedIn?: string | undefined
}

/** A failed snapshot did not get to count its rows: it may have as many as any. */
const UNCOUNTED_ROWS = FEED_POLICY.sectionRows

/**
 * The ended snapshots among the possible ones, from an id on, in groups of about a storage page: a snapshot with few rows costs no request of its own.
 * Those that are known to have none are passed by.
 */
export async function snapshotGroups(
  view: View,
  possible: PossibleValues,
  from: string,
  rowsOf: (row: Snapshot) => number,
  isEmpty: (row: Snapshot) => boolean = () => false,
): Promise<SnapshotGroup[]> {
  const ids = snapshotIdRange(possible, view.asOfSnapshotId)
  if (!ids) return []
  const groups: SnapshotGroup[] = []
  let group: SnapshotGroup | undefined
  for await (const row of view.store.snapshots.range(from > ids.from ? from : ids.from, ids.to)) {
    if (!isEnded(row) || !isPossible(row.snapshotId, possible)) {
      group = undefined
      continue
    }
    if (isEmpty(row)) continue
    const rows = likelyRows(row, rowsOf)
    const fits = group && monthOf(group.last) === monthOf(row.snapshotId) && group.rows + rows <= FEED_POLICY.sectionRows
    const changedIn = madeChanges(row) ? row.snapshotId : undefined
    if (group && fits) Object.assign(group, { last: row.snapshotId, rows: group.rows + rows, changedIn: changedIn ?? group.changedIn })
    else groups.push((group = { first: row.snapshotId, last: row.snapshotId, rows, changedIn }))
  }
  return groups
}

const likelyRows = (row: Snapshot, rowsOf: (row: Snapshot) => number) => (row.status === 'failed' ? UNCOUNTED_ROWS : rowsOf(row))

/** Whether some places are better read one by one, a request each, than within all the rows around them. */
export const isWorthwhile = (places: number, rows: number) => places <= Math.max(1, Math.floor(rows / FEED_POLICY.sectionRows))
