import { Account } from './account.ts'
import { type Answer, innerStatus, refusal } from './answer.ts'
import { type Behaviour, drawFault, type Fault } from './behaviour.ts'
import { Counter, type TransactionKind } from './counts.ts'
import { partitionOf } from './key-range.ts'
import { type Operation, readOperation, type TableRequest } from './operation.ts'
import { perform } from './perform.ts'
import { keyOf } from './row.ts'
import { ServiceError } from './service-error.ts'
import { Throughput } from './throughput.ts'

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
      case 'brokenOff':
      case 'halved': {
        const answer = this.#execute(operation, seen)
        const half = Math.floor(answer.body.length / 2)
        return fault === 'halved' ? { ...answer, body: answer.body.slice(0, half) } : { ...answer, brokenOffAt: half }
      }
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
    const { behaviour, counter } = this
    const now = this.#settings.now()
    if (!this.#throughput.admits(partition, behaviour.entitiesPerSecond, now)) {
      counter.throttled()
      return this.#busy(false)
    }
    try {
      const { random } = this.#settings
      const { answer, entities } = perform(operation, { account: this.#account, counter, behaviour, random, now })
      this.#throughput.charge(partition, entities)
      return answer
    } catch (error) {
      this.#throughput.charge(partition, 1)
      return refusal(error, operation.kind === 'batch')
    }
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
