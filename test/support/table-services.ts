import { randomUUID } from 'node:crypto'
import { TableClient, type TableServiceClientOptions } from '@azure/data-tables'
import { startAzurite } from '../../dev/azurite.ts'
import { type HttpClient, startTableService } from '../../dev/table-service/index.ts'

/** Something that speaks the Table protocol. */
export interface RunningService {
  connectionString: string
  /** The way to it without sockets, if it is in this process. */
  httpClient?: HttpClient
  close(): Promise<void>
}

/** The tables of a service: by the shortest way, and over sockets where only its connection string is given. */
export type Tables = string | Pick<RunningService, 'connectionString' | 'httpClient'>

/** The services that one contract holds for. */
export const TABLE_SERVICES: { name: 'table-service' | 'azurite'; start: () => Promise<RunningService> }[] = [
  { name: 'table-service', start: () => overSockets(startTableService()) },
  { name: 'azurite', start: () => startAzurite() },
]

/** The same to a client in this process, past its sockets. */
export const IN_PROCESS: { name: 'in-process'; start: () => Promise<RunningService> } = {
  name: 'in-process',
  start: () => startTableService(),
}

/** A service as one that is in another process. */
async function overSockets(started: Promise<RunningService>): Promise<RunningService> {
  const service = await started
  return { connectionString: service.connectionString, close: () => service.close() }
}

/** Retries as the app does, without its waits. */
export const QUICK_RETRIES = {
  retryOptions: { maxRetries: 6, retryDelayInMs: 1, maxRetryDelayInMs: 2 },
} satisfies TableServiceClientOptions

export function openClient(tables: Tables, table: string, options: TableServiceClientOptions = QUICK_RETRIES): TableClient {
  const { connectionString, httpClient } = typeof tables === 'string' ? { connectionString: tables } : tables
  return TableClient.fromConnectionString(connectionString, table, {
    allowInsecureConnection: true,
    ...options,
    ...(httpClient && { httpClient }),
  })
}

/** A table name that no other test has. */
export const freshName = (prefix = 't') => `${prefix}${randomUUID().replaceAll('-', '')}`
