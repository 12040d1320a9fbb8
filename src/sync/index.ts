export { etaSecondsOf, type Spent } from './eta.ts'
export { requestSnapshot } from './request-snapshot.ts'
export { runTick } from './run-tick.ts'

/** A tick without its timer. @forTests */
export { tick, type TickResult } from './tick.ts'
