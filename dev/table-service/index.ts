export { type Behaviour, type Fault, REAL_LIMITS } from './behaviour.ts'
export type { Counts } from './counts.ts'
export { type RunningTableService, startTableService, type TableServiceOptions } from './start-table-service.ts'
export type { SeenRequest } from './table-service.ts'
