import { FORBIDDEN_IN_KEYS, LIMITS } from './limits.ts'
import type { Properties } from './properties.ts'
import { createRow, etagOf, keyOf, mergeRow, type Row } from './row.ts'
import { ServiceError } from './service-error.ts'
import type { SortedMap } from './sorted-map.ts'

export type WriteKind = 'insert' | 'update' | 'merge' | 'insertOrReplace' | 'insertOrMerge' | 'delete'

/** One change to one row. `ifMatch` is an ETag or `*`; an insert and the two upserts have none. */
export interface Write {
  kind: WriteKind
  table: string
  partitionKey: string
  rowKey: string
  properties: Properties
  ifMatch: string | undefined
}

/** A write that was found good, and the row it leads to; `row` is undefined for a delete. */
export interface PreparedWrite {
  key: string
  row: Row | undefined
}

/**
 * Checks a write against the row that is there. Changes nothing. Throws ServiceError where the service refuses it.
 * https://learn.microsoft.com/rest/api/storageservices/operations-on-entities
 */
export function prepareWrite(rows: SortedMap<Row>, write: Write, modifiedAt: number): PreparedWrite {
  checkKey('PartitionKey', write.partitionKey)
  checkKey('RowKey', write.rowKey)
  const key = keyOf(write.partitionKey, write.rowKey)
  const present = rows.get(key)
  const create = () => createRow(key, write.properties, modifiedAt)
  switch (write.kind) {
    case 'insert':
      if (present) throw new ServiceError('EntityAlreadyExists')
      return { key, row: create() }
    case 'insertOrReplace':
      return { key, row: create() }
    case 'insertOrMerge':
      return { key, row: present ? mergeRow(key, present, write.properties, modifiedAt) : create() }
    case 'update':
      matching(present, write.ifMatch)
      return { key, row: create() }
    case 'merge':
      return { key, row: mergeRow(key, matching(present, write.ifMatch), write.properties, modifiedAt) }
    case 'delete':
      matching(present, write.ifMatch)
      return { key, row: undefined }
  }
}

/**
 * Checks a transaction: all its writes are good, or it throws for the first that is not, with its place.
 * https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
 */
export function prepareBatch(rows: SortedMap<Row>, writes: readonly Write[], modifiedAt: number): PreparedWrite[] {
  if (writes.length > LIMITS.batchRows) throw new ServiceError('InvalidInput', `${writes.length} operations in a batch`, LIMITS.batchRows)
  const seen = new Set<string>()
  return writes.map((write, index) => {
    if (write.partitionKey !== writes[0]?.partitionKey || write.table !== writes[0].table) {
      throw new ServiceError('CommandsInBatchActOnDifferentPartitions', undefined, index)
    }
    if (seen.size === seen.add(write.rowKey).size) throw new ServiceError('InvalidDuplicateRow', undefined, index)
    try {
      return prepareWrite(rows, write, modifiedAt)
    } catch (error) {
      throw error instanceof ServiceError ? new ServiceError(error.code, undefined, index) : error
    }
  })
}

export function applyWrites(rows: SortedMap<Row>, writes: readonly PreparedWrite[]): void {
  for (const { key, row } of writes) {
    if (row) rows.set(key, row)
    else rows.delete(key)
  }
}

function matching(present: Row | undefined, ifMatch: string | undefined): Row {
  if (!present) throw new ServiceError('ResourceNotFound')
  if (ifMatch !== '*' && ifMatch !== etagOf(present)) throw new ServiceError('UpdateConditionNotSatisfied')
  return present
}

function checkKey(name: string, key: string): void {
  if (key.length > LIMITS.keyCharacters) throw new ServiceError('KeyValueTooLarge', `${name} of ${key.length} characters`)
  if (FORBIDDEN_IN_KEYS.test(key)) throw new ServiceError('OutOfRangeInput', name)
}
