import { budgetUseOf, type Quota } from '../defender/budget/index.ts'
import type { CallQuota, Spent } from './eta.ts'

/** Calls for missing KBs that count against the quota now, and when the next one may be sent. */
export interface BudgetUse {
  minute: { used: number; limit: number }
  hour: { used: number; limit: number }
  nextCallAtMs: number
}

/** How much of its quota a tenant has used, by its ledger, and what Defender asked it to wait for. */
export function budgetUse({ callsPerMinute, callsPerHour }: CallQuota, { missingKbsBudget, notBefore }: Spent, nowMs: number): BudgetUse {
  const quota: Quota = { perMinute: callsPerMinute, perHour: callsPerHour }
  const { minute, hour, freeAtMs } = budgetUseOf(missingKbsBudget ?? undefined, quota, nowMs)
  return {
    minute: { used: minute, limit: callsPerMinute },
    hour: { used: hour, limit: callsPerHour },
    nextCallAtMs: Math.max(freeAtMs, Date.parse(notBefore ?? '') || nowMs),
  }
}
