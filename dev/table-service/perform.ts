import type { Account } from './account.ts'
import { type Answer, batchAnswer, JSON_TYPE } from './answer.ts'
import type { Behaviour } from './behaviour.ts'
import { continuationHeaders } from './continuation.ts'
import type { Counter } from './counts.ts'
import type { Operation } from './operation.ts'
import { emptyPage, queryRows } from './query-rows.ts'
import { etagOf, keyOf, showRow } from './row.ts'
import { ServiceError } from './service-error.ts'
import { applyWrites, prepareBatch, prepareWrite } from './write.ts'

/** What operations are performed on, and how. */
interface Performing {
  account: Account
  counter: Counter
  behaviour: Behaviour
  random: () => number
  /** Milliseconds since the epoch. */
  now: number
}

/** The answer, and how many entities it counts against the targets. */
export interface Performed {
  answer: Answer
  entities: number
}

const DONE: Answer = { status: 204, headers: {}, body: '' }

/** Performs an operation. Throws ServiceError where the service refuses it; then nothing is done. */
export function perform(operation: Operation, performing: Performing): Performed {
  const { account, behaviour, now } = performing
  switch (operation.kind) {
    case 'listTables': {
      const body = JSON.stringify({ value: account.names().map((TableName) => ({ TableName })) })
      return { answer: { status: 200, headers: JSON_TYPE, body }, entities: 1 }
    }
    case 'createTable':
      account.create(operation.table, now)
      return { answer: DONE, entities: 1 }
    case 'deleteTable':
      account.delete(operation.table, now, behaviour.tableDeletionSeconds)
      return { answer: DONE, entities: 1 }
    case 'get':
      return { answer: get(operation, performing), entities: 1 }
    case 'query':
      return query(operation, performing)
    case 'write':
      return { answer: write(operation, performing), entities: 1 }
    case 'batch':
      return { answer: batch(operation, performing), entities: operation.writes.length }
  }
}

function get({ table, partitionKey, rowKey, select }: Operation & { kind: 'get' }, { account, counter, now }: Performing): Answer {
  const key = keyOf(partitionKey, rowKey)
  const row = account.rows(table, now).get(key)
  counter.rows({ scanned: 1, returned: row ? 1 : 0 })
  if (!row) throw new ServiceError('ResourceNotFound')
  const head = `"odata.metadata":"$metadata#${table}/@Element",`
  return { status: 200, headers: { ...JSON_TYPE, ETag: etagOf(row) }, body: showRow(key, row, select, head) }
}

function query(operation: Operation & { kind: 'query' }, { account, counter, behaviour, random, now }: Performing): Performed {
  const { table, query, select } = operation
  const rows = account.rows(table, now)
  const isEmpty = behaviour.emptyPages > 0 && random() < behaviour.emptyPages
  const page = (isEmpty ? emptyPage(rows, query) : undefined) ?? queryRows(rows, query, behaviour)
  counter.rows({ scanned: page.scanned, returned: page.rows.length })
  const shown = page.rows.map(({ key, row }) => showRow(key, row, select))
  const headers = { ...JSON_TYPE, ...(page.nextKey !== undefined && continuationHeaders(page.nextKey)) }
  const body = `{"odata.metadata":"$metadata#${table}","value":[${shown.join(',')}]}`
  return { answer: { status: 200, headers, body }, entities: page.scanned }
}

function write({ table, write, echo }: Operation & { kind: 'write' }, { account, counter, now }: Performing): Answer {
  const rows = account.rows(table, now)
  const prepared = prepareWrite(rows, write, account.nextModifiedAt(now))
  applyWrites(rows, [prepared])
  counter.rows({ written: 1 })
  const { key, row } = prepared
  if (!row) return DONE
  if (echo) return { status: 201, headers: { ...JSON_TYPE, ETag: etagOf(row) }, body: showRow(key, row, undefined) }
  return {
    status: 204,
    headers: { ETag: etagOf(row), ...(write.kind === 'insert' && { 'Preference-Applied': 'return-no-content' }) },
    body: '',
  }
}

function batch({ table, writes }: Operation & { kind: 'batch' }, { account, counter, now }: Performing): Answer {
  const rows = account.rows(table, now)
  const prepared = prepareBatch(rows, writes, account.nextModifiedAt(now))
  applyWrites(rows, prepared)
  counter.rows({ written: prepared.length })
  return batchAnswer(prepared.map(({ row }) => ({ status: 204, headers: row ? { ETag: etagOf(row) } : {}, body: '' })))
}
