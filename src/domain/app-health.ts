import type { Health, HEALTH_STATUSES } from './health.ts'

/** How many tenants stand how. */
export type TenantCounts = Record<(typeof HEALTH_STATUSES)[number] | 'disabled', number>

export const NO_TENANTS: Readonly<TenantCounts> = { ok: 0, stale: 0, blocked: 0, starting: 0, disabled: 0 }

/**
 * How an app stands that reads many tenants: not ok where its own identity gives no token (`identitySince`), or where more than half of the
 * tenants that it reads are stale or blocked. One tenant's trouble is its own. Names nobody.
 */
export function appHealthOf({ ok, stale, blocked, starting }: TenantCounts, identitySince: string | null): Health {
  if (identitySince !== null)
    return { status: 'blocked', detail: `The app's own identity gives no token for any tenant since ${identitySince}. The log says more.` }
  const read = ok + stale + blocked + starting
  if (read === 0) return { status: 'starting', detail: 'No tenant is read yet: PUT /api/tenants/{tenantId} adds one.' }
  if ((stale + blocked) * 2 > read) {
    const detail = `Of ${read} tenants ${blocked} are blocked and ${stale} stale, which is more than half; /api/tenants says which, and why.`
    return { status: blocked >= stale ? 'blocked' : 'stale', detail }
  }
  return ok === 0 ? { status: 'starting', detail: `No snapshot of any of ${read} tenants has ended yet.` } : { status: 'ok' }
}
