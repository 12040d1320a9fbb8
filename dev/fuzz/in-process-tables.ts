import { TableClient, type TableServiceClientOptions } from '@azure/data-tables'
import { refusal } from '../table-service/answer.ts'
import { type Operation, readOperation, type TableRequest } from '../table-service/operation.ts'
import { ServiceError } from '../table-service/service-error.ts'
import { TableService } from '../table-service/table-service.ts'
import { UNDISTURBED } from '../table-service/behaviour.ts'
import type { Attack } from './fuzz-case.ts'
import { SECRET } from './secrets.ts'

type HttpClient = NonNullable<TableServiceClientOptions['httpClient']>
type PipelineRequest = Parameters<HttpClient['sendRequest']>[0]
type PipelineResponse = Awaited<ReturnType<HttpClient['sendRequest']>>

export type Refusing = Extract<Attack, { kind: 'refusal' }>

/** The Table service of dev/ without sockets: the storage SDK's requests come to it as they are. */
export class InProcessTables {
  /** Rows that are refused, while set. */
  refusing: Refusing | undefined
  requests = 0
  readonly #service: TableService

  constructor(now: () => number, random: () => number) {
    this.#service = new TableService({ now, random, script: () => undefined, log: () => undefined }, UNDISTURBED)
  }

  readonly connectionString = `DefaultEndpointsProtocol=http;AccountName=fuzz;AccountKey=${btoa(SECRET)};TableEndpoint=http://127.0.0.1:1/fuzz;`

  open(name: string, options: TableServiceClientOptions = {}): TableClient {
    return TableClient.fromConnectionString(this.connectionString, name, {
      allowInsecureConnection: true,
      ...options,
      httpClient: { sendRequest: async (request) => this.#send(request) },
    })
  }

  #send(request: PipelineRequest): PipelineResponse {
    this.requests++
    const { pathname, search } = new URL(request.url)
    const body = typeof request.body === 'string' ? request.body : ''
    const asked = { method: request.method, url: pathname + search, headers: request.headers.toJSON(), body }
    const answer = this.#refused(asked) ?? this.#service.handle(asked)
    if (answer === 'cut') throw new Error('no fault is switched on')
    return { request, status: answer.status, headers: headersOf(request, answer.headers), bodyAsText: answer.body }
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

/** Headers as the SDK has them, which exports no way to make them. */
function headersOf({ headers }: PipelineRequest, values: Readonly<Record<string, string>>): PipelineResponse['headers'] {
  const Headers = headers.constructor as new (values: Readonly<Record<string, string>>) => PipelineResponse['headers']
  return new Headers(values)
}
