import { randomUUID } from 'node:crypto'
import { TableClient, type TableServiceClientOptions } from '@azure/data-tables'
import { startAzurite } from '../../dev/azurite.ts'
import { startTableService } from '../../dev/table-service/index.ts'

/** Something that speaks the Table protocol. */
export interface RunningService {
  connectionString: string
  close(): Promise<void>
}

/** The services that one contract holds for. */
export const TABLE_SERVICES: { name: 'table-service' | 'azurite'; start: () => Promise<RunningService> }[] = [
  { name: 'table-service', start: () => startTableService() },
  { name: 'azurite', start: () => startAzurite() },
]

/** Retries as the app does, without its waits. */
export const QUICK_RETRIES = {
  retryOptions: { maxRetries: 6, retryDelayInMs: 1, maxRetryDelayInMs: 2 },
} satisfies TableServiceClientOptions

export const openClient = (connectionString: string, table: string, options: TableServiceClientOptions = QUICK_RETRIES) =>
  TableClient.fromConnectionString(connectionString, table, { allowInsecureConnection: true, ...options })

/** A table name that no other test has. */
export const freshName = (prefix = 't') => `${prefix}${randomUUID().replaceAll('-', '')}`
