import type { TenantRow } from '../store/index.ts'

/** The starts that a schedule has in (after, upTo], oldest first; times in milliseconds since the epoch. */
export type StartsBetween = (after: number, upTo: number) => readonly number[]

export type Due =
  | { kind: 'start' }
  | { kind: 'resume'; skippedStarts: number }
  | { kind: 'idle' }

/**
 * What a tick has to do. A start missed while the app was down is made up once, however many were missed; starts that fall due
 * while a snapshot is pending or running are skipped and counted on it.
 */
export function decideDue(tenant: Pick<TenantRow, 'activeSnapshotId' | 'scheduledThrough'>, startsBetween: StartsBetween, now: number): Due {
  const starts = startsBetween(Date.parse(tenant.scheduledThrough), now)
  if (tenant.activeSnapshotId !== '') return { kind: 'resume', skippedStarts: starts.length }
  return starts.length > 0 ? { kind: 'start' } : { kind: 'idle' }
}
