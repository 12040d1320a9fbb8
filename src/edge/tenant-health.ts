import { healthRules } from '../config/index.ts'
import { HEALTH_STATUSES, healthOf, type TenantState } from '../domain/index.ts'
import type { OpenTenant } from '../open-tenant.ts'
import { lookAgainMs, nextStart } from '../sync/index.ts'

/** How a tenant stands, for those who may read it. */
export const TENANT_STATUSES = [...HEALTH_STATUSES, 'disabled'] as const
export type TenantStatus = (typeof TENANT_STATUSES)[number]

export interface TenantHealth {
  status: TenantStatus
  detail?: string
}

/** When the next snapshot of a tenant starts by itself, after an instant (ms); null if none does. One of many that refuses waits for its day to be over. */
export function nextStartOf(
  { config, isDisabled, isOneOfMany }: OpenTenant,
  tenant: TenantState | undefined,
  nowMs: number,
): number | null {
  const startMs = isDisabled ? null : nextStart(config.sync.schedule, nowMs)
  const againMs = isOneOfMany && tenant ? lookAgainMs(tenant) : undefined
  return startMs !== null && againMs !== undefined && againMs > startMs ? againMs : startMs
}

/** How a tenant stands at an instant (ms), by its row; one that is not read is neither stale nor blocked. */
export function tenantHealth({ config, isDisabled }: OpenTenant, tenant: TenantState | undefined, nowMs: number): TenantHealth {
  if (isDisabled) return { status: 'disabled', detail: 'It is not read; its history stays. What was under way goes on when it is enabled.' }
  return healthOf(tenant, healthRules(config, nowMs), nowMs)
}
