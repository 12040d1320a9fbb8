import type { TenantRow } from '../store/index.ts'

/** `detail` names no tenant, machine or KB: anyone may read it. */
export type Health = { status: 'ok' } | { status: 'stale' | 'blocked' | 'starting'; detail: string }

/** How a tenant stands at an instant (ms), if what ended longer than `staleAfterMs` ago is too old. */
export function healthOf(tenant: TenantRow | undefined, staleAfterMs: number, now: number): Health {
  if (tenant && tenant.blockedCode !== '') return { status: 'blocked', detail: blockedDetail(tenant) }
  if (!tenant || tenant.lastEndedAt === '') return { status: 'starting', detail: 'No snapshot has ended yet.' }
  const hours = (now - Date.parse(tenant.lastEndedAt)) / 3_600_000
  if (hours * 3_600_000 <= staleAfterMs) return { status: 'ok' }
  const allowed = round(staleAfterMs / 3_600_000)
  return { status: 'stale', detail: `The last snapshot ended ${round(hours)} hours ago, at ${tenant.lastEndedAt}; ${allowed} are allowed.` }
}

const round = (hours: number) => Math.round(hours * 10) / 10

/** Names of app roles, e.g. `Machine.Read.All`: all of Defender's free text that may be shown to anyone. */
const APP_ROLE = /\b[A-Z][A-Za-z]{1,40}\.Read(Write)?\.All\b/g

function blockedDetail({ blockedCode, blockedDetail, blockedAt }: TenantRow): string {
  const roles = [...new Set(blockedDetail.match(APP_ROLE) ?? [])]
  const named = roles.length > 0 ? ` It names ${roles.join(', ')}.` : ''
  const code = /^[A-Za-z0-9_.-]{1,60}$/.test(blockedCode) ? ` (${blockedCode})` : ''
  return `Defender refuses the app since ${blockedAt}${code}.${named} The snapshot's error says more.`
}
