import { TableClient, type TableServiceClientOptions } from '@azure/data-tables'
import { refusal } from '../table-service/answer.ts'
import { type HttpClient, inProcessClient } from '../table-service/in-process-client.ts'
import { type Operation, readOperation, type TableRequest } from '../table-service/operation.ts'
import { ServiceError } from '../table-service/service-error.ts'
import { TableService } from '../table-service/table-service.ts'
import { UNDISTURBED } from '../table-service/behaviour.ts'
import type { Attack } from './fuzz-case.ts'
import { SECRET } from './secrets.ts'

export type Refusing = Extract<Attack, { kind: 'refusal' }>

/** The Table service of dev/ without sockets: the storage SDK's requests come to it as they are. */
export class InProcessTables {
  /** Rows that are refused, while set. */
  refusing: Refusing | undefined
  requests = 0
  readonly #client: HttpClient

  constructor(now: () => number, random: () => number) {
    const service = new TableService({ now, random, script: () => undefined, log: () => undefined }, UNDISTURBED)
    this.#client = inProcessClient((asked) => {
      this.requests++
      return this.#refused(asked) ?? service.handle(asked)
    })
  }

  readonly connectionString = `DefaultEndpointsProtocol=http;AccountName=fuzz;AccountKey=${btoa(SECRET)};TableEndpoint=http://127.0.0.1:1/fuzz;`

  open(name: string, options: TableServiceClientOptions = {}): TableClient {
    return TableClient.fromConnectionString(this.connectionString, name, {
      allowInsecureConnection: true,
      ...options,
      httpClient: this.#client,
    })
  }

  #refused(asked: TableRequest) {
    if (!this.refusing || asked.method === 'GET') return undefined
    const operation = readOperation(asked)
    const { table, text, code } = this.refusing
    const at = writesOf(operation).findIndex((write) => write.table === table && `${write.partitionKey} ${write.rowKey}`.includes(text))
    const isBatch = operation.kind === 'batch'
    return at < 0 ? undefined : refusal(new ServiceError(code, undefined, isBatch ? at : undefined), isBatch)
  }
}

function writesOf(operation: Operation) {
  if (operation.kind === 'batch') return operation.writes
  return operation.kind === 'write' ? [operation.write] : []
}
