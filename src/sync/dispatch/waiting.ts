import type { TenantConfig } from '../../config/index.ts'
import { isFarAhead, snapshotStartAt, type TenantState } from '../../domain/index.ts'
import { nextStart } from '../../schedule/index.ts'
import { isHeld } from '../lease.ts'
import { type AtWork, type Work, type WorkConfig, workOf } from '../work.ts'
import type { Waiting } from './choose.ts'
import { DISPATCH_POLICY } from './policy.ts'

/** Of a tenant's row, what decides whether it is sent a message. */
export type Dispatchable = AtWork &
  Pick<TenantState, 'isDisabled' | 'deletingSince' | 'dispatchedAt' | 'dispatches' | 'lastSliceAt' | 'blockedAt' | 'sliceOpen'>

/** What a tenant waits for, at an instant (ms); undefined where there is nothing to do for it now, or not to be done. */
export function waitOf(tenant: Dispatchable, config: WorkConfig, nowMs: number): Omit<Waiting, 'tenantId'> | undefined {
  const lastSliceMs = Date.parse(tenant.lastSliceAt ?? '') || 0
  if (tenant.deletingSince !== null) {
    return isHeld(tenant, nowMs) ? undefined : { sinceMs: Date.parse(tenant.deletingSince), lastSliceMs, asksDefender: false }
  }
  if (tenant.isDisabled) return undefined
  const work = workOf(tenant, config, nowMs)
  // It has never been in anybody's way, and can wait for all others.
  if (work.kind === 'derive') return { sinceMs: nowMs, lastSliceMs, asksDefender: false }
  // So can a check, which asks Defender.
  if (work.kind === 'sample') return { sinceMs: nowMs, lastSliceMs, asksDefender: true }
  if (work.kind !== 'slice' || isLeftAlone(tenant, work, nowMs)) return undefined
  const sinceMs = Math.min(nowMs, work.due.kind === 'start' ? startMs(tenant, config, nowMs) : resumeMs(tenant, nowMs))
  return { sinceMs, lastSliceMs, asksDefender: true }
}

/** One that refused the app is not asked by the schedule; whoever asks for a snapshot has done something about it. */
function isLeftAlone({ blockedAt }: Dispatchable, { due }: Extract<Work, { kind: 'slice' }>, nowMs: number): boolean {
  const sinceMs = nowMs - Date.parse(blockedAt ?? '')
  return due.kind === 'start' && sinceMs >= 0 && sinceMs < DISPATCH_POLICY.lookAgainAfterMs
}

function startMs({ scheduledThrough }: Dispatchable, { sync }: Pick<TenantConfig, 'sync'>, nowMs: number): number {
  return nextStart(sync.schedule, Date.parse(scheduledThrough ?? '')) ?? nowMs
}

/** When a tenant that refused the app is looked at again (ms), whatever its schedule says; undefined where it did not. */
export const lookAgainMs = ({ blockedAt }: Pick<TenantState, 'blockedAt'>): number | undefined =>
  blockedAt === null ? undefined : Date.parse(blockedAt) + DISPATCH_POLICY.lookAgainAfterMs

/** From the end of its last slice, or of what it had to wait for. One that was asked for just now has had none. */
function resumeMs({ activeSnapshotId, lastSliceAt, notBefore }: Dispatchable, nowMs: number): number {
  const instants = [snapshotStartAt(activeSnapshotId ?? ''), lastSliceAt ?? '', notBefore ?? ''].map((at) => Date.parse(at))
  const latestMs = Math.max(...instants.filter((at) => at <= nowMs))
  return Number.isFinite(latestMs) ? latestMs : nowMs
}

/** Whether a tenant may be sent a message: it has none that is unanswered, or an old one. */
export function mayBeSent({ dispatchedAt, dispatches }: Pick<TenantState, 'dispatchedAt' | 'dispatches'>, nowMs: number): boolean {
  if (dispatchedAt === null || isFarAhead(dispatchedAt, nowMs)) return true
  const patienceMs = dispatches > 1 ? DISPATCH_POLICY.resendEveryMs : DISPATCH_POLICY.resendAfterMs
  return nowMs - Date.parse(dispatchedAt) >= patienceMs
}
