import { parseLedger, timeNeededMs } from '../defender/budget/index.ts'
import { isEnded, type Snapshot, type TenantState } from '../domain/index.ts'
import { phaseOf } from './phases/index.ts'

/** Calls that the tenant's quota allows. */
export interface CallQuota {
  callsPerMinute: number
  callsPerHour: number
}

type Running = Pick<Snapshot, 'status' | 'phase' | 'wanted' | 'observed' | 'unknown'>

/** What a tenant has spent, and what Defender asked it to wait for (429). */
export type Spent = Pick<TenantState, 'notBefore' | 'missingKbsBudget'>

/**
 * Seconds until the machines that remain are asked, if every call succeeds: undefined while the listing is under way and when ended.
 * Calls are made as early as the minute's and the hour's budget allow, by what the tenant's ledger has left of them.
 */
export function etaSecondsOf(
  snapshot: Running,
  quota: CallQuota,
  { notBefore, missingKbsBudget }: Spent,
  nowMs: number,
): number | undefined {
  if (isEnded(snapshot) || snapshot.status === 'pending') return undefined
  const left = phaseOf(snapshot.phase)?.machinesLeft(snapshot)
  if (left === undefined) return undefined
  const fromMs = Math.max(nowMs, Date.parse(notBefore ?? '') || nowMs)
  const { ledger } = parseLedger(missingKbsBudget ?? undefined, { earliestMs: nowMs, latestMs: nowMs })
  const neededMs = timeNeededMs(left, ledger, { perMinute: quota.callsPerMinute, perHour: quota.callsPerHour }, fromMs)
  return Math.round((fromMs - nowMs + neededMs) / 1000)
}
