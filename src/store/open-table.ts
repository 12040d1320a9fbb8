import { TableClient } from '@azure/data-tables'
import type { TokenCredential } from '@azure/identity'
import type { StorageConfig } from '../config/index.ts'
import { type OpenTable, STORAGE_OPTIONS } from './store.ts'

/** Azurite speaks http. The SDK refuses that unless told, even for loopback. */
const LOOPBACK = /http:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])[:/]|UseDevelopmentStorage=true/i

/** Opens tables where the configuration says. Makes no call, and asks for a credential only where there is no key. */
export function tableOpener(storage: StorageConfig, credential: () => TokenCredential): OpenTable {
  if (storage.kind === 'connectionString') {
    const { connectionString } = storage
    const options = { ...STORAGE_OPTIONS, allowInsecureConnection: LOOPBACK.test(connectionString) }
    return (name) => TableClient.fromConnectionString(connectionString, name, options)
  }
  const { tablesUrl } = storage
  const identity = credential()
  const options = { ...STORAGE_OPTIONS, allowInsecureConnection: LOOPBACK.test(`${tablesUrl}/`) }
  return (name) => new TableClient(tablesUrl, name, identity, options)
}
