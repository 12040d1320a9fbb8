import { TableClient } from '@azure/data-tables'
import type { StorageConfig } from '../config/index.ts'
import { type OpenTable, STORAGE_OPTIONS } from './store.ts'

/** Opens tables where the configuration says. Makes no call. */
export async function tableOpener(storage: StorageConfig): Promise<OpenTable> {
  if (storage.kind === 'connectionString') {
    // Azurite speaks http. The SDK refuses that unless told, even for loopback.
    const options = { ...STORAGE_OPTIONS, allowInsecureConnection: LOOPBACK.test(storage.connectionString) }
    return (name) => TableClient.fromConnectionString(storage.connectionString, name, options)
  }
  // Loading it takes longer than all the rest, and a connection string needs none of it.
  const { DefaultAzureCredential } = await import('@azure/identity')
  const credential = new DefaultAzureCredential()
  return (name) => new TableClient(storage.tablesUrl, name, credential, { ...STORAGE_OPTIONS, allowInsecureConnection: LOOPBACK.test(storage.tablesUrl) })
}

const LOOPBACK = /http:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])[:/]/i
