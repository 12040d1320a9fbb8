import { coarsen } from './coarsen.ts'
import { freeAt, nextAvailableAt, spend, type Ledger } from './ledger.ts'
import { LONGEST_WINDOW_MS, WINDOWS, type Quota } from './quota.ts'

/** An estimate needs no more, and costs little then. */
const ROUNDING = { recentMs: 1_000, olderMs: 10_000 }

/** Milliseconds from `fromMs` until so many calls are made, each as early as the ledger and its windows allow, and their last minute is over; 0 for none. */
export function timeNeededMs(calls: number, ledger: Ledger, quota: Quota, fromMs: number): number {
  if (calls <= 0) return 0
  const callsInHour = Math.min(...WINDOWS.map(({ lengthMs, limit }) => (quota[limit] * LONGEST_WINDOW_MS) / lengthMs))
  // The second hour is like all that follow.
  const skippedHours = Math.max(0, Math.floor(calls / callsInHour) - 1)
  const firstHours = freeAgainMs(calls - skippedHours * callsInHour, coarsen(ledger, ROUNDING, fromMs), quota, fromMs)
  return Math.max(firstHours - fromMs + skippedHours * LONGEST_WINDOW_MS, (calls / quota.perMinute) * 60_000)
}

/** When one call more is free after these. */
function freeAgainMs(calls: number, ledger: Ledger, quota: Quota, fromMs: number): number {
  let spent = ledger
  let atMs = nextAvailableAt(spent, quota, fromMs)
  for (let left = calls; left > 0; atMs = nextAvailableAt(spent, quota, atMs)) {
    const made = Math.min(left, freeAt(spent, 0, quota, atMs))
    spent = spend(spent, atMs, made)
    left -= made
  }
  return atMs
}
