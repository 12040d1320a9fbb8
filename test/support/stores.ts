import type { TableServiceClientOptions } from '@azure/data-tables'
import { openStore, type Store, STORAGE_OPTIONS } from '../../src/store/index.ts'
import { freshName, openClient } from './table-services.ts'

/** As the app opens it, without its waits. */
export const STORE_OPTIONS = {
  ...STORAGE_OPTIONS,
  retryOptions: { maxRetries: 6, retryDelayInMs: 1, maxRetryDelayInMs: 2 },
} satisfies TableServiceClientOptions

/** A store of its own in a service: no other test sees its tables. */
export function openTestStore(
  connectionString: string,
  prefix = freshName('s').slice(0, 20),
  options: TableServiceClientOptions = STORE_OPTIONS,
): Store {
  return openStore((name) => openClient(connectionString, name, options), prefix)
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

export const collectPages = async <T>(pages: AsyncIterable<T[]>) => (await collect(pages)).flat()
