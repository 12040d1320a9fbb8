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
  >

/** No Retry-After is believed beyond a day: an instant further ahead was written by a clock that was wrong. */
const LONGEST_WAIT_MS = 25 * 3_600_000

/** What is to be done for a tenant at an instant (ms). Decided by its row alone: whoever asks next decides anew. */
export function workOf(tenant: AtWork, config: Pick<TenantConfig, 'sync'>, nowMs: number): Work {
  if (isHeld(tenant, nowMs)) return { kind: 'busy' }
  const due = decideDue(tenant, startsOf(config.sync.schedule), nowMs)
  if (due.kind === 'idle') return { kind: isToBeDerived(tenant, nowMs) ? 'derive' : 'idle' }
  const untilMs = waitsUntil(tenant, config, nowMs)
  return untilMs === undefined ? { kind: 'slice', due } : { kind: 'waiting', untilMs }
}

/** The instant before which no call may be made, if there is one. */
function waitsUntil(tenant: AtWork, config: Pick<TenantConfig, 'sync'>, nowMs: number): number | undefined {
  const notBeforeMs = Date.parse(tenant.notBefore ?? '')
  const isBelieved = notBeforeMs - nowMs <= LONGEST_WAIT_MS
  return notBeforeMs > nowMs && isBelieved ? notBeforeMs : waitsForBudgetUntil(tenant, config, nowMs)
}

function isToBeDerived({ trendsDerived, lastEndedSnapshotId, trendsRetryAt }: AtWork, nowMs: number): boolean {
  const isTime = !(Date.parse(trendsRetryAt ?? '') > nowMs) || isFarAhead(trendsRetryAt, nowMs)
  return !trendsDerived && lastEndedSnapshotId !== null && isTime
}
