import { namedAppRoles } from './app-role.ts'
import { HOUR_MS, isFarAhead } from './instant.ts'
import type { TenantState } from './tenant.ts'

export const HEALTH_STATUSES = ['ok', 'stale', 'blocked', 'starting'] as const

/** `detail` names no tenant, machine or KB: anyone may read it. */
export type Health = { status: 'ok' } | { status: 'stale' | 'blocked' | 'starting'; detail: string }

/** What health is judged by: how old the newest snapshot may be, and which share of the machines it has to have assessed. */
export interface HealthRules {
  staleAfterMs: number
  leastAssessed: number
}

/** How a tenant stands. */
export function healthOf(tenant: TenantState | undefined, { staleAfterMs, leastAssessed }: HealthRules, nowMs: number): Health {
  if (tenant && tenant.blockedCode !== null) return { status: 'blocked', detail: blockedDetail(tenant, tenant.blockedCode) }
  if (tenant && tenant.identitySince !== null) return { status: 'blocked', detail: identityDetail(tenant.identitySince) }
  if (!tenant || tenant.lastEndedAt === null) return { status: 'starting', detail: 'No snapshot has ended yet.' }
  const { lastEndedAt, lastAnsweredAt } = tenant
  if (isTooOld(lastEndedAt, staleAfterMs, nowMs)) {
    return { status: 'stale', detail: `The last snapshot ended ${age(lastEndedAt, staleAfterMs, nowMs)}` }
  }
  if (lastAnsweredAt !== null && !isTooOld(lastAnsweredAt, staleAfterMs, nowMs)) return assessedHealth(tenant, leastAssessed)
  const last = lastAnsweredAt === null ? 'None has.' : `The last one that did ended ${age(lastAnsweredAt, staleAfterMs, nowMs)}`
  return {
    status: 'stale',
    detail: `Snapshots end without an answer for any machine. ${last} The latest snapshot's error and unknown machines say more.`,
  }
}

/** An older version left no share, which is no evidence. */
function assessedHealth({ assessedPpm }: TenantState, leastAssessed: number): Health {
  if (assessedPpm === null || assessedPpm >= leastAssessed * 1_000_000) return { status: 'ok' }
  const percent = (share: number) => `${Math.floor(share * 1000) / 10} %`
  const found = `Of the machines to be asked ${percent(assessedPpm / 1_000_000)} were assessed; ${percent(leastAssessed)} are expected.`
  return { status: 'stale', detail: `${found} The others gave no answer, or have not reported to Defender for 30 days.` }
}

/** An instant that is far ahead is too old as well: nobody knows how old it is. */
function isTooOld(at: string, staleAfterMs: number, nowMs: number): boolean {
  return !(nowMs - Date.parse(at) <= staleAfterMs) || isFarAhead(at, nowMs)
}

function age(at: string, staleAfterMs: number, nowMs: number): string {
  return `${round((nowMs - Date.parse(at)) / HOUR_MS)} hours ago, at ${at}; ${round(staleAfterMs / HOUR_MS)} are allowed.`
}

const round = (hours: number) => Math.round(hours * 10) / 10

function blockedDetail({ blockedDetail, blockedAt }: TenantState, blockedCode: string): string {
  // All of Defender's free text that may be shown to anyone.
  const roles = namedAppRoles(blockedDetail ?? '')
  const named = roles.length > 0 ? ` It names ${roles.join(', ')}.` : ''
  const code = /^[A-Za-z0-9_.-]{1,60}$/.test(blockedCode) ? ` (${blockedCode})` : ''
  return `Defender refuses the app since ${blockedAt ?? ''}${code}.${named} The snapshot's error says more.`
}

const identityDetail = (since: string) =>
  `The app's identity gives no token since ${since}, and without one Defender is not called. It is asked again every few minutes. The log says more.`
