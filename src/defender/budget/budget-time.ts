import type { Clock } from '../../clock.ts'
import type { TimeBounds } from './time-bounds.ts'

/** What the store says about time when it answers a write. The headers that `@azure/data-tables` returns from its write methods fit. */
export interface StoreAnswer {
  date?: Date | undefined
  etag?: string | undefined
}

/**
 * The time the budget is kept in.
 *
 * Calls are checked against the earliest and counted at the latest present, so no window is exceeded as long as the true time is between them.
 */
export interface BudgetTime {
  /** Undefined as long as nothing is known. */
  now(): TimeBounds | undefined
  /** Does the write, and learns the time from its answer. */
  learnFrom<Answer extends StoreAnswer | undefined>(write: () => Promise<Answer>): Promise<Answer>
}

/**
 * A clock taken at its word; for simulated clocks, which are true by definition.
 *
 * When it steps back nothing is exceeded: calls look later than they were, and block for no more than one window (see `trim`).
 * When it steps forward, calls look older than they were: no rule over local times can tell that from time that passed. Hence `createStoreTime`.
 * @forTests
 */
export function localTime(clock: Clock): BudgetTime {
  return {
    now() {
      const nowMs = clock.now()
      // A millisecond clock shows the past up to 1 ms late.
      return { earliestMs: nowMs, latestMs: nowMs + 1 }
    },
    learnFrom: (write) => write(),
  }
}
