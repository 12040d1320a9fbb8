export { etaSecondsOf, type CallQuota } from './eta.ts'
export { requestSnapshot, type SnapshotRequest } from './request-snapshot.ts'
export { runTick } from './run-tick.ts'
export type { SliceResult } from './slice/take-slice.ts'
/** A tick without its timer. @forTests */
export { tick, type TickResult } from './tick.ts'
