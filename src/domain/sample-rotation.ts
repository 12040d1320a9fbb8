import { HOUR_MS } from './instant.ts'
import type { Machine } from './machine.ts'
import type { Snapshot } from './snapshot.ts'

/** How samples are drawn. */
export const SAMPLE_POLICY = {
  /** So many a day at least, whatever the share: fewer tell little. A fleet that has no more is asked whole. */
  leastADay: 50,
  /** Machines that moved, or gave no answer, are made up for by others, until so many times the machines due were asked. */
  askedPerDue: 2,
} as const

/** How many machines of an export are due, `hours` after the export before: in proportion, so that the day's share is asked in a day. */
export function sampleDue({ share, machines, hours }: { share: number; machines: number; hours: number }): number {
  const { leastADay } = SAMPLE_POLICY
  if (share <= 0) return 0
  if (machines <= leastADay) return machines
  const perDay = Math.max(leastADay, share * machines)
  // 0.034 of 100,000 is a little more than 3,400 to a computer.
  return Math.min(machines, Math.max(1, Math.ceil((perDay * hours) / 24 - 1e-6)))
}

/** Hours from the export before to this one; a day where there is none before, or the times make no sense. */
export function hoursBetween(before: string | null, generatedAt: string): number {
  const hours = (Date.parse(generatedAt) - Date.parse(before ?? '')) / HOUR_MS
  return hours > 0 ? hours : 24
}

/** A turn through all machines in id order, from behind one round to it: where it began, and how far it is. */
export interface Turn {
  /** The machine behind which it began; null for the first. */
  beganAfter: string | null
  /** The last machine that was passed. */
  after: string | null
  /** Whether it has come to the end of the ids, and gone on from the first. */
  hasWrapped: boolean
}

export const turnFrom = (after: string | null): Turn => ({ beganAfter: after, after, hasWrapped: false })

/** A stretch of machine ids: behind `after` up to and with `through`; null is the beginning, and the end. */
export interface IdStretch {
  after: string | null
  through: string | null
}

/** The stretches of ids that are left of a turn, in order. Machines that come or go meanwhile are met at most once. */
export function stretchesLeft({ beganAfter, after, hasWrapped }: Turn): IdStretch[] {
  const last: IdStretch[] = beganAfter === null ? [] : [{ after: hasWrapped ? after : null, through: beganAfter }]
  return hasWrapped ? last : [{ after, through: null }, ...last]
}

/** The turn when a machine was passed, or the end of the ids. */
export const passed = (turn: Turn, machineId: string): Turn => ({ ...turn, after: machineId })
export const wrapped = (turn: Turn): Turn => ({ ...turn, after: null, hasWrapped: true })

/** Of a machine, what says whether an export is what is known of it. */
export type SampleCandidate = Pick<Machine, 'lastObservedSnapshotId' | 'observedSource' | 'observedAt' | 'state' | 'lastSeen'>

/** Whether what is known of a machine is what the snapshot's export said, and not Defender's own answer, which needs no check. */
export function isKnownByExport(
  machine: SampleCandidate,
  { snapshotId, sourceTime }: Pick<Snapshot, 'snapshotId' | 'sourceTime'>,
): boolean {
  const { lastObservedSnapshotId, observedSource, observedAt, state } = machine
  const isOfSnapshot = lastObservedSnapshotId === snapshotId && state === 'observed'
  return isOfSnapshot && observedSource === 'export' && Date.parse(observedAt ?? '') === Date.parse(sourceTime ?? '')
}

/** Whether a machine reported after the export was made. One whose report is not known has not, as far as anybody can tell. */
export const hasMoved = (lastSeen: string | null, sourceTime: string): boolean => Date.parse(lastSeen ?? '') > Date.parse(sourceTime)
