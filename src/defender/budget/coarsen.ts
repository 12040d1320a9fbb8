import { collect, type Entry, type Ledger } from './ledger.ts'

export interface Rounding {
  readonly recentMs: number
  readonly olderMs: number
}

const MINUTE_MS = 60_000

/**
 * Rounds the ends of calls UP, so that they count as long as before or longer. Rounding twice is rounding once.
 *
 * `recent` reaches one older step beyond the minute: rounding must not bring back into the minute what has just left it.
 */
export function coarsen(ledger: Ledger, { recentMs, olderMs }: Rounding, nowMs: number): Ledger {
  const recentSinceMs = nowMs - MINUTE_MS - olderMs
  const rounded = ledger.map(({ endMs, count }): Entry => {
    const stepMs = endMs >= recentSinceMs ? recentMs : olderMs
    return { endMs: Math.ceil(endMs / stepMs) * stepMs, count }
  })
  return collect(rounded)
}
