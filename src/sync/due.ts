import { type Schedule, startsBetween } from '../schedule/index.ts'
import type { TenantRow } from '../store/index.ts'

/** The starts that a schedule has in (after, upTo], oldest first; times in milliseconds since the epoch. */
export type StartsBetween = (after: number, upTo: number) => readonly number[]

/** More missed starts than this are one miss all the same. */
const MOST_STARTS = 10_000

export const startsOf =
  (schedule: Schedule): StartsBetween =>
  (after, upTo) =>
    startsBetween(schedule, after, upTo, MOST_STARTS)

export type Due = { kind: 'start' } | { kind: 'resume'; skippedStarts: number } | { kind: 'idle' }

/**
 * What a tick has to do. A start missed while the app was down is made up once, however many were missed; starts that fall due
 * while a snapshot is pending or running are skipped and counted on it.
 */
export function decideDue(tenant: Pick<TenantRow, 'activeSnapshotId' | 'scheduledThrough'>, starts: StartsBetween, now: number): Due {
  const missed = starts(Date.parse(tenant.scheduledThrough), now).length
  if (tenant.activeSnapshotId !== '') return { kind: 'resume', skippedStarts: missed }
  return missed > 0 ? { kind: 'start' } : { kind: 'idle' }
}
