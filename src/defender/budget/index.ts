/**
 * The words of the call budget:
 * - quota: the calls that Defender allows in any 60 s and in any 3,600 s
 * - ledger: what was spent, as counts of calls that reached Defender no later than given times; stored as one string
 * - end of a call: its answer, or the latest time at which it can have reached Defender; it is counted from then
 * - spending: the ledger as one slice knows it, with its calls in flight and those that it has reserved
 * - reservation: calls that are counted in the stored ledger before the first of them is begun, so that no kill can forget one
 * - spender: hands out the calls of one budget to the workers of one slice; a take asks it for one call
 * - pause: the time that a slice waits for calls that become free
 * - time bounds: the earliest and the latest that the present can be; calls are checked by the one and counted by the other
 * - budget time: where time bounds come from: the clock of the store that keeps the ledger, or a simulated one
 * - mended: of a ledger that was unreadable, or from a clock that was ahead, and now counts as the most it can have been
 */
export type { BudgetTime, StoreAnswer } from './budget-time.ts'
export { budgetUseOf } from './budget-use.ts'
export { nextSliceAt } from './encode.ts'
export { LONGEST_PAUSE_MS } from './policy.ts'
export { EXPORTS_QUOTA, MACHINES_QUOTA, type Quota } from './quota.ts'
export { createSpender, type Spender } from './spender.ts'
export type { CallEnd } from './spending.ts'
export { createStoreTime } from './store-time.ts'
export { timeNeededMs } from './time-needed.ts'

/** The time of a clock that a test moves. @forTests */
export { localTime } from './budget-time.ts'
/** What `npm start` says is left of a quota. @forTests */
export { parseLedger } from './encode.ts'
/** What `npm start` says is left of a quota. @forTests */
export type { Ledger } from './ledger.ts'
