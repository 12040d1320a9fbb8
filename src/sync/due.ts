import { DAY_MS, type TenantState } from '../domain/index.ts'
import { type Schedule, startsBetween } from '../schedule/index.ts'

/** The starts that a schedule has in (after, upTo], oldest first; times in milliseconds since the epoch. */
export type StartsBetween = (afterMs: number, upToMs: number) => readonly number[]

/** More missed starts than this are one miss all the same. */
const MOST_STARTS = 10_000

export const startsOf =
  (schedule: Schedule): StartsBetween =>
  (afterMs, upToMs) =>
    startsBetween(schedule, afterMs, upToMs, MOST_STARTS)

/** Starts that the schedule has in a day up to an instant, at most `most`: each takes its time to be found. */
export const startsADay = (schedule: Schedule, nowMs: number, most: number): number =>
  startsBetween(schedule, nowMs - DAY_MS, nowMs, most).length

/** Starts that have fallen due and are not dealt with. Where it is not known up to when they are, none: the schedule counts from now. */
export function missedStarts({ scheduledThrough }: Pick<TenantState, 'scheduledThrough'>, starts: StartsBetween, nowMs: number): number {
  return scheduledThrough === null ? 0 : starts(Date.parse(scheduledThrough), nowMs).length
}

export type Due = { kind: 'start' } | { kind: 'resume'; skippedStarts: number } | { kind: 'idle' }

/**
 * What a tick has to do. A start missed while the app was down is made up once, however many were missed; starts that fall due
 * while a snapshot is pending or running are skipped and counted on it.
 */
export function decideDue(tenant: Pick<TenantState, 'activeSnapshotId' | 'scheduledThrough'>, starts: StartsBetween, nowMs: number): Due {
  const missed = missedStarts(tenant, starts, nowMs)
  if (tenant.activeSnapshotId !== null) return { kind: 'resume', skippedStarts: missed }
  return missed > 0 ? { kind: 'start' } : { kind: 'idle' }
}
