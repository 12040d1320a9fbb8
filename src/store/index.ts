export * from './changes-table.ts'
export * from './kb-totals-table.ts'
export * from './kbs-table.ts'
export type { KeySpan, Place, SpanPage } from './key-span.ts'
export * from './keys.ts'
/** How the ids of the missing KBs are kept in one column. @forTests */
export { cachedIds } from './machine-format.ts'
export * from './machines-table.ts'
export * from './missing-kbs-table.ts'
export { isRowRefused } from './refused-row.ts'
export { rowLog } from './row-log.ts'
export * from './snapshots-table.ts'
export * from './store.ts'
export * from './store-error.ts'
export * from './tenant-table.ts'
export type { WritePermit } from './write-permit.ts'

/** What a transition is, and how long an answer may be: what the tables are tested by. @forTests */
export { LONGEST_PENDING_CHARACTERS, type Transition } from './machine-state-row.ts'
