import { isEnded, type SnapshotRow, type TenantRow } from '../store/index.ts'

/** Calls that the tenant's quota allows. */
export interface CallQuota {
  callsPerMinute: number
  callsPerHour: number
}

type Machines = Pick<SnapshotRow, 'status' | 'wanted' | 'observed' | 'unknown'>

/** Machines observed of those to be asked, 0 to 1. With none to be asked, a snapshot that ended in order covers everything. */
export function coverageOf({ status, wanted, observed }: Machines): number {
  if (wanted > 0) return Math.min(1, observed / wanted)
  return status === 'completed' || status === 'incomplete' ? 1 : 0
}

/**
 * How much of a snapshot is done, 0 to 1; 1 only when it has ended in order. A failed one stays where it ended: the machines that it
 * never came to ask count as unknown at its end, and are not done.
 */
export function progressOf({ status, wanted, observed, unknown }: Machines): number {
  if (status === 'completed' || status === 'incomplete') return 1
  if (wanted === 0) return 0
  const done = status === 'failed' ? observed : observed + unknown
  return Math.min(0.99, Math.floor((done / wanted) * 100) / 100)
}

/**
 * Seconds until the machines that remain are asked, if every call succeeds: undefined while the listing is under way and when ended.
 * Calls burst up to the hour's quota at the minute's pace, then wait for the next hour; `waitSeconds` is what Defender asked for (429).
 */
export function etaSecondsOf(
  snapshot: Machines & Pick<SnapshotRow, 'phase' | 'calls'>,
  quota: CallQuota,
  waitSeconds: number,
): number | undefined {
  if (isEnded(snapshot) || snapshot.status === 'pending' || snapshot.phase === 'listing') return undefined
  const remaining = Math.max(0, snapshot.wanted - snapshot.observed - snapshot.unknown)
  const seconds = secondsOfCalls(snapshot.calls + remaining, quota) - secondsOfCalls(snapshot.calls, quota)
  return Math.ceil(Math.max(0, waitSeconds) + seconds)
}

function secondsOfCalls(calls: number, { callsPerMinute, callsPerHour }: CallQuota): number {
  const hours = Math.floor(calls / callsPerHour)
  return hours * 3600 + Math.min(3600, ((calls % callsPerHour) / callsPerMinute) * 60)
}

/** A snapshot with its running counters, which the tenant's row holds while it is active. */
export function withRunningCounters(snapshot: SnapshotRow, tenant: TenantRow): SnapshotRow {
  if (isEnded(snapshot) || tenant.activeSnapshotId !== snapshot.snapshotId) return snapshot
  return {
    ...snapshot,
    slices: tenant.activeSlices,
    calls: tenant.activeCalls,
    throttled: tenant.activeThrottled,
    retries: tenant.activeRetries,
    activeMilliseconds: tenant.activeMilliseconds,
    skippedStarts: tenant.activeSkippedStarts,
  }
}
