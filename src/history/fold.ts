import { isAmong, type MachineFilter } from './machine-filter.ts'
import { type Change, isAskedKb } from '../domain/index.ts'
import type { PairChanges } from './merge-changes.ts'

export const DIFF_MODES = ['net', 'events'] as const
export type DiffMode = (typeof DIFF_MODES)[number]

/** A row of a diff: a change, and the snapshot up to which it held: the pair's next change, or the end of the diff. */
export interface DiffRow {
  change: Change
  untilSnapshotId: string
}

/**
 * The rows of one pair. `net`: its last change, or none if it ends as it began. `events`: every change.
 * A pair that begins and ends with the same kind of change differs at the ends: appeared, (resolved, appeared)* is missing now and was not before.
 */
export function foldPair(mode: DiffMode, pair: PairChanges, toSnapshotId: string): DiffRow[] {
  if (mode === 'events') {
    return pair.map((change, index) => ({ change, untilSnapshotId: pair[index + 1]?.snapshotId ?? toSnapshotId }))
  }
  const last = pair.at(-1) ?? pair[0]
  return pair[0].change === last.change ? [{ change: last, untilSnapshotId: toSnapshotId }] : []
}

/** Filters of a diff. All but the machine's look at the folded rows, so that a filtered diff is the diff, filtered. */
export interface DiffFilter extends MachineFilter {
  machineId?: string | undefined
  /** As it was asked for: with KB or without. */
  kbId?: string | undefined
  change?: Change['change'] | undefined
  /** Any of these. */
  reasons?: readonly Change['reason'][] | undefined
}

/** Whether many a row may not pass that has to be read. */
export const isSelective = ({ machineId: _machineId, ...others }: DiffFilter) => Object.values(others).some((value) => value !== undefined)

export function passes({ change }: DiffRow, filter: DiffFilter): boolean {
  return (
    (filter.machineId === undefined || change.machineId === filter.machineId) &&
    (filter.kbId === undefined || isAskedKb(filter.kbId, change.kbId)) &&
    (filter.change === undefined || change.change === filter.change) &&
    (filter.reasons === undefined || filter.reasons.includes(change.reason)) &&
    isAmong(change, filter)
  )
}
