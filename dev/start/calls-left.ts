import type { Ledger, Quota } from '../../src/defender/budget/index.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export interface CallsLeft {
  minute: number
  hour: number
}

/** What a quota leaves at an instant (ms), by the ledger of calls: those that a slice has reserved count as made. */
export function callsLeft(ledger: Ledger, { perMinute, perHour }: Quota, now: number): CallsLeft {
  const spentSince = (since: number): number => ledger.reduce((sum, { endMs, count }) => (endMs >= since ? sum + count : sum), 0)
  return { minute: Math.max(0, perMinute - spentSince(now - MINUTE)), hour: Math.max(0, perHour - spentSince(now - HOUR)) }
}
