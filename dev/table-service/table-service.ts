import { randomUUID } from 'node:crypto'
import { Account } from './account.ts'
import { type BatchAnswerPart, writeBatchAnswer } from './batch-body.ts'
import { type Behaviour, drawFault, type Fault } from './behaviour.ts'
import { continuationHeaders } from './continuation.ts'
import { Counter, type TransactionKind } from './counts.ts'
import { partitionOf } from './key-range.ts'
import { type Operation, readOperation, type TableRequest } from './operation.ts'
import { emptyPage, queryRows } from './query-rows.ts'
import { etagOf, keyOf, showRow } from './row.ts'
import { ServiceError } from './service-error.ts'
import { Throughput } from './throughput.ts'
import { applyWrites, prepareBatch, prepareWrite } from './write.ts'

export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
}

/** What a script of mishaps and a log are told of a request. */
export interface SeenRequest {
  /** 1 for the first request of the service. */
  number: number
  kind: TransactionKind
  table: string
  partitionKey: string | undefined
}

export interface TableServiceSettings {
  /** Milliseconds since the epoch. */
  now: () => number
  random: () => number
  /** The mishap of this very request; undefined leaves it to the odds. */
  script: (request: SeenRequest) => Fault | undefined
  log: (request: SeenRequest & { status: number | 'none' }) => void
}

const JSON_TYPE = { 'Content-Type': 'application/json;odata=minimalmetadata;streaming=true;charset=utf-8' }
const DONE: Answer = { status: 204, headers: {}, body: '' }

/** The service without its sockets: takes a request, gives its answer, or 'cut' where the connection ends without one. */
export class TableService {
  behaviour: Behaviour
  readonly counter = new Counter()
  readonly #settings: TableServiceSettings
  readonly #account = new Account()
  readonly #throughput = new Throughput()
  #requests = 0

  constructor(settings: TableServiceSettings, behaviour: Behaviour) {
    this.#settings = settings
    this.behaviour = behaviour
  }

  handle(request: TableRequest): Answer | 'cut' {
    let operation: Operation
    try {
      operation = readOperation(request)
    } catch (error) {
      return refusal(error, false)
    }
    const seen = this.#see(operation)
    const fault = this.#settings.script(seen) ?? drawFault(this.behaviour.faults, this.#settings.random())
    if (fault) this.counter.fault(fault)
    const answer = this.#answer(operation, seen, fault)
    const status = answer === 'cut' ? 'none' : innerStatus(answer)
    this.counter.status(status)
    this.#settings.log({ ...seen, status })
    return answer
  }

  #see(operation: Operation): SeenRequest {
    const kind = operation.kind === 'write' ? operation.write.kind : operation.kind
    const table = operation.kind === 'listTables' ? '' : operation.table
    this.counter.transaction(kind, table)
    return { number: ++this.#requests, kind, table, partitionKey: partitionKeyOf(operation) }
  }

  #answer(operation: Operation, seen: SeenRequest, fault: Fault | undefined): Answer | 'cut' {
    const isBatch = operation.kind === 'batch'
    switch (fault) {
      case 'connectionReset':
        return 'cut'
      case 'internalError':
        return refusal(new ServiceError('InternalError'), false)
      case 'serverBusy':
        return this.#busy(false)
      case 'serverBusyInside':
        return this.#busy(isBatch)
      case 'responseLost':
        this.#execute(operation, seen)
        return 'cut'
      case 'timedOutAfterSuccess':
        this.#execute(operation, seen)
        return refusal(new ServiceError('OperationTimedOut'), false)
      case undefined:
        return this.#execute(operation, seen)
    }
  }

  #busy(inside: boolean): Answer {
    const answer = refusal(new ServiceError('ServerBusy', undefined, inside ? 0 : undefined), inside)
    return { ...answer, headers: { ...answer.headers, 'Retry-After': String(this.behaviour.retryAfterSeconds) } }
  }

  #execute(operation: Operation, seen: SeenRequest): Answer {
    const partition = seen.partitionKey === undefined ? undefined : keyOf(seen.table, seen.partitionKey)
    if (!this.#throughput.admits(partition, this.behaviour.entitiesPerSecond, this.#settings.now())) {
      this.counter.throttled()
      return this.#busy(false)
    }
    try {
      const { answer, entities } = this.#perform(operation)
      this.#throughput.charge(partition, entities)
      return answer
    } catch (error) {
      this.#throughput.charge(partition, 1)
      return refusal(error, operation.kind === 'batch')
    }
  }

  #perform(operation: Operation): { answer: Answer; entities: number } {
    const now = this.#settings.now()
    switch (operation.kind) {
      case 'listTables':
        return { answer: json({ value: this.#account.names().map((TableName) => ({ TableName })) }), entities: 1 }
      case 'createTable':
        this.#account.create(operation.table, now)
        return { answer: DONE, entities: 1 }
      case 'deleteTable':
        this.#account.delete(operation.table, now, this.behaviour.tableDeletionSeconds)
        return { answer: DONE, entities: 1 }
      case 'get':
        return { answer: this.#get(operation, now), entities: 1 }
      case 'query':
        return this.#query(operation, now)
      case 'write':
        return { answer: this.#write(operation, now), entities: 1 }
      case 'batch':
        return { answer: this.#batch(operation, now), entities: operation.writes.length }
    }
  }

  #get({ table, partitionKey, rowKey, select }: Operation & { kind: 'get' }, now: number): Answer {
    const key = keyOf(partitionKey, rowKey)
    const row = this.#account.rows(table, now).get(key)
    this.counter.rows({ scanned: 1, returned: row ? 1 : 0 })
    if (!row) throw new ServiceError('ResourceNotFound')
    const head = `"odata.metadata":"$metadata#${table}/@Element",`
    return { status: 200, headers: { ...JSON_TYPE, ETag: etagOf(row) }, body: showRow(key, row, select, head) }
  }

  #query({ table, query, select }: Operation & { kind: 'query' }, now: number): { answer: Answer; entities: number } {
    const rows = this.#account.rows(table, now)
    const isEmpty = this.behaviour.emptyPages > 0 && this.#settings.random() < this.behaviour.emptyPages
    const page = (isEmpty ? emptyPage(rows, query) : undefined) ?? queryRows(rows, query, this.behaviour)
    this.counter.rows({ scanned: page.scanned, returned: page.rows.length })
    const shown = page.rows.map(({ key, row }) => showRow(key, row, select))
    const headers = { ...JSON_TYPE, ...(page.nextKey !== undefined && continuationHeaders(page.nextKey)) }
    const body = `{"odata.metadata":"$metadata#${table}","value":[${shown.join(',')}]}`
    return { answer: { status: 200, headers, body }, entities: page.scanned }
  }

  #write({ table, write, echo }: Operation & { kind: 'write' }, now: number): Answer {
    const rows = this.#account.rows(table, now)
    const prepared = prepareWrite(rows, write, this.#account.nextModifiedAt(now))
    applyWrites(rows, [prepared])
    this.counter.rows({ written: 1 })
    const { key, row } = prepared
    if (!row) return DONE
    if (echo) return { status: 201, headers: { ...JSON_TYPE, ETag: etagOf(row) }, body: showRow(key, row, undefined) }
    return {
      status: 204,
      headers: { ETag: etagOf(row), ...(write.kind === 'insert' && { 'Preference-Applied': 'return-no-content' }) },
      body: '',
    }
  }

  #batch({ table, writes }: Operation & { kind: 'batch' }, now: number): Answer {
    const rows = this.#account.rows(table, now)
    const prepared = prepareBatch(rows, writes, this.#account.nextModifiedAt(now))
    applyWrites(rows, prepared)
    this.counter.rows({ written: prepared.length })
    return batchAnswer(prepared.map(({ row }) => ({ status: 204, headers: row ? { ETag: etagOf(row) } : {}, body: '' })))
  }
}

function partitionKeyOf(operation: Operation): string | undefined {
  switch (operation.kind) {
    case 'get':
      return operation.partitionKey
    case 'query':
      return partitionOf(operation.query.filter)
    case 'write':
      return operation.write.partitionKey
    case 'batch':
      return operation.writes[0]?.partitionKey
    case 'listTables':
    case 'createTable':
    case 'deleteTable':
      return undefined
  }
}

const json = (value: unknown): Answer => ({ status: 200, headers: JSON_TYPE, body: JSON.stringify(value) })

function batchAnswer(parts: readonly BatchAnswerPart[]): Answer {
  const { contentType, body } = writeBatchAnswer(randomUUID(), parts)
  return { status: 202, headers: { 'Content-Type': contentType }, body }
}

/** An error that is no ServiceError is a fault of this program, and shows as one. */
function refusal(error: unknown, insideBatch: boolean): Answer {
  if (!(error instanceof ServiceError)) throw error
  const answer = { status: error.status, headers: JSON_TYPE, body: error.body() }
  return insideBatch ? batchAnswer([answer]) : answer
}

/** The status that the operation had: that of a refusal inside a transaction's 202. */
function innerStatus({ status, body }: Answer): number {
  return status === 202 ? Number(/HTTP\/1\.1 (\d+)/.exec(body)?.[1]) : status
}
