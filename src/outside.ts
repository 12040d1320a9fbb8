import type { Clock } from './clock.ts'
import type { BudgetTime } from './defender/budget/index.ts'

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

export type LogFields = Record<string, string | number | boolean | undefined>

/** Structured log: `event` is a fixed word, all that varies is a field. Never pass a token, a key or a connection string. */
export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}
