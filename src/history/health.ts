import { isFarAhead } from '../clock.ts'
import type { TenantRow } from '../store/index.ts'

/** `detail` names no tenant, machine or KB: anyone may read it. */
export type Health = { status: 'ok' } | { status: 'stale' | 'blocked' | 'starting'; detail: string }

/** How a tenant stands at an instant (ms), if what ended longer than `staleAfterMs` ago is too old. */
export function healthOf(tenant: TenantRow | undefined, staleAfterMs: number, now: number): Health {
  if (tenant && tenant.blockedCode !== '') return { status: 'blocked', detail: blockedDetail(tenant) }
  if (!tenant || tenant.lastEndedAt === '') return { status: 'starting', detail: 'No snapshot has ended yet.' }
  const { lastEndedAt, lastAnsweredAt } = tenant
  if (isTooOld(lastEndedAt, staleAfterMs, now))
    return { status: 'stale', detail: `The last snapshot ended ${age(lastEndedAt, staleAfterMs, now)}` }
  if (!isTooOld(lastAnsweredAt, staleAfterMs, now)) return { status: 'ok' }
  const last = lastAnsweredAt === '' ? 'None has.' : `The last one that did ended ${age(lastAnsweredAt, staleAfterMs, now)}`
  return {
    status: 'stale',
    detail: `Snapshots end without an answer for any machine. ${last} The latest snapshot's error and unknown machines say more.`,
  }
}

/** An instant that is far ahead is too old as well: nobody knows how old it is. So is none. */
function isTooOld(instant: string, staleAfterMs: number, now: number): boolean {
  return !(now - Date.parse(instant) <= staleAfterMs) || isFarAhead(instant, now)
}

function age(instant: string, staleAfterMs: number, now: number): string {
  return `${round((now - Date.parse(instant)) / HOUR_MS)} hours ago, at ${instant}; ${round(staleAfterMs / HOUR_MS)} are allowed.`
}

const HOUR_MS = 3_600_000

const round = (hours: number) => Math.round(hours * 10) / 10

/** Names of app roles, e.g. `Machine.Read.All`: all of Defender's free text that may be shown to anyone. */
const APP_ROLE = /\b[A-Z][A-Za-z]{1,40}\.Read(Write)?\.All\b/g

function blockedDetail({ blockedCode, blockedDetail, blockedAt }: TenantRow): string {
  const roles = [...new Set(blockedDetail.match(APP_ROLE) ?? [])]
  const named = roles.length > 0 ? ` It names ${roles.join(', ')}.` : ''
  const code = /^[A-Za-z0-9_.-]{1,60}$/.test(blockedCode) ? ` (${blockedCode})` : ''
  return `Defender refuses the app since ${blockedAt}${code}.${named} The snapshot's error says more.`
}
