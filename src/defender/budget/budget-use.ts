import { parseLedger } from './encode.ts'
import { nextAvailableAt, spentSince } from './ledger.ts'
import { type Quota, WINDOWS } from './quota.ts'

/** Calls that count in the minute and in the hour up to now, reserved ones as well, and when one more may be sent. */
export function budgetUseOf(
  ledgerText: string | undefined,
  quota: Quota,
  nowMs: number,
): { minute: number; hour: number; freeAtMs: number } {
  const { ledger } = parseLedger(ledgerText, { earliestMs: nowMs, latestMs: nowMs })
  const [minute, hour] = WINDOWS.map(({ lengthMs, limit }) => Math.min(quota[limit], spentSince(ledger, nowMs - lengthMs)))
  return { minute: minute ?? 0, hour: hour ?? 0, freeAtMs: nextAvailableAt(ledger, quota, nowMs) }
}
