import type { Clock } from './clock.ts'
import type { BudgetTime } from './defender/budget/index.ts'
import type { Log } from './log.ts'

export type { Clock } from './clock.ts'

/** The world outside the program. Everything that is not a decision over data comes in through here, so that tests and the local run can move time. */
export interface Outside {
  clock: Clock
  /** The time by which call budgets are kept: it must not step, even where the clock does. */
  budgetTime: BudgetTime
  /** A number in [0, 1), as `Math.random`. */
  random: () => number
  log: Log
}

/** The outside world of one tenant: what is logged there names it. */
export const outsideOf = (outside: Outside, tenantId: string): Outside => ({ ...outside, log: outside.log.ofTenant(tenantId) })
