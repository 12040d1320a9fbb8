import type { TableServiceClientOptions } from '@azure/data-tables'
import { openStore, STORAGE_OPTIONS, type TenantStore } from '../../src/store/index.ts'
import { TENANT } from './store-rows.ts'
import { freshName, openClient } from './table-services.ts'

/** As the app opens it, without its waits. */
export const STORE_OPTIONS = {
  ...STORAGE_OPTIONS,
  retryOptions: { maxRetries: 6, retryDelayInMs: 1, maxRetryDelayInMs: 2 },
} satisfies TableServiceClientOptions

/** The tables of a tenant in a service, of its own: no other test sees them. */
export function openTestStore(
  connectionString: string,
  prefix = freshName('s').slice(0, 20),
  options: TableServiceClientOptions = STORE_OPTIONS,
  tenantId = TENANT,
): TenantStore {
  return openStore((name) => openClient(connectionString, name, options), prefix).of(tenantId)
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

export const collectPages = async <T>(pages: AsyncIterable<T[]>) => (await collect(pages)).flat()
