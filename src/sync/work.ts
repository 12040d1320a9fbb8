import type { TenantConfig } from '../config/index.ts'
import { isFarAhead, type TenantState } from '../domain/index.ts'
import { decideDue, type Due, startsOf } from './due.ts'
import { isHeld } from './lease.ts'
import { type Spendable, waitsForBudgetUntil } from './slice/budgets.ts'

/** What there is to do for a tenant, at an instant. */
export type Work =
  /** Another writer has the tenant. */
  | { kind: 'busy' }
  | { kind: 'idle' }
  /** Nothing is to be called before this instant (ms). */
  | { kind: 'waiting'; untilMs: number }
  /** With no snapshot to take: what the snapshots of before came to is to be derived, once. */
  | { kind: 'derive' }
  /** With nothing else to do: the newest export is to be checked. */
  | { kind: 'sample' }
  | { kind: 'slice'; due: Exclude<Due, { kind: 'idle' }> }

/** Of a tenant's row, what decides. */
export type AtWork = Spendable &
  Pick<
    TenantState,
    | 'leaseOwner'
    | 'leaseUntil'
    | 'activeSnapshotId'
    | 'scheduledThrough'
    | 'notBefore'
    | 'trendsDerived'
    | 'lastEndedSnapshotId'
    | 'trendsRetryAt'
    | 'sampleSnapshotId'
    | 'sampleRetryAt'
  >

/** Of a tenant's configuration, what decides. */
export type WorkConfig = Pick<TenantConfig, 'sync' | 'source'>

/** No Retry-After is believed beyond a day: an instant further ahead was written by a clock that was wrong. */
const LONGEST_WAIT_MS = 25 * 3_600_000

/** What is to be done for a tenant at an instant (ms). Decided by its row alone: whoever asks next decides anew. */
export function workOf(tenant: AtWork, config: WorkConfig, nowMs: number): Work {
  if (isHeld(tenant, nowMs)) return { kind: 'busy' }
  const due = decideDue(tenant, startsOf(config.sync.schedule), nowMs)
  if (due.kind === 'idle') return idleWork(tenant, config, nowMs)
  const untilMs = waitsUntil(tenant, config, nowMs)
  return untilMs === undefined ? { kind: 'slice', due } : { kind: 'waiting', untilMs }
}

/** What there is to do where no snapshot is due. A check that may not call yet is nothing to wait for. */
function idleWork(tenant: AtWork, config: WorkConfig, nowMs: number): Work {
  if (isToBeDerived(tenant, nowMs)) return { kind: 'derive' }
  return { kind: isToBeSampled(tenant, config, nowMs) ? 'sample' : 'idle' }
}

/** The instant before which no call may be made, if there is one. */
function waitsUntil(tenant: AtWork, config: Pick<TenantConfig, 'sync'>, nowMs: number): number | undefined {
  const notBeforeMs = Date.parse(tenant.notBefore ?? '')
  const isBelieved = notBeforeMs - nowMs <= LONGEST_WAIT_MS
  return notBeforeMs > nowMs && isBelieved ? notBeforeMs : waitsForBudgetUntil(tenant, config, nowMs)
}

function isToBeDerived({ trendsDerived, lastEndedSnapshotId, trendsRetryAt }: AtWork, nowMs: number): boolean {
  return !trendsDerived && lastEndedSnapshotId !== null && isTime(trendsRetryAt, nowMs)
}

function isToBeSampled(tenant: AtWork, config: WorkConfig, nowMs: number): boolean {
  const { sampleSnapshotId, sampleRetryAt } = tenant
  if (sampleSnapshotId === null || config.source.sample === 0 || !isTime(sampleRetryAt, nowMs)) return false
  return waitsUntil(tenant, config, nowMs) === undefined
}

/** Whether an instant before which something is not to be done is past; one that is far ahead was written by a clock that was wrong. */
const isTime = (at: string | null, nowMs: number): boolean => !(Date.parse(at ?? '') > nowMs) || isFarAhead(at, nowMs)
