import type { Clock } from '../../clock.ts'
import type { BudgetTime, StoreAnswer } from './budget-time.ts'
import type { Quota } from './quota.ts'

export interface SpenderOptions {
  quota: Quota
  stored: StoredLedger
  outside: {
    budgetTime: BudgetTime
    /** Measures the time left to the deadline once, and sleeps. */
    clock: Clock
  }
  limits: SliceLimits
  /** How many calls there is still work for, as far as known; without it there is no end to it. */
  wanted?: () => number
}

/** Where the ledger is kept between slices. */
export interface StoredLedger {
  /** What is stored now; undefined only when the row never had a ledger. */
  text: string | undefined
  /** Stores the ledger, guarded by the lease and the ETag of the row, and hands back the answer. A rejection reaches the caller of `take`, which gets no call. */
  save: (ledgerText: string) => Promise<StoreAnswer | undefined>
}

export interface SliceLimits {
  /** No call is begun after this, by `clock`. */
  deadlineMs: number
  /** Longest time from a granted `take` to the end of its call, everything included. */
  callTimeoutMs: number
  /** Longest time the slice may wait for budget, in total. */
  maxPauseMs: number
}
