import { NOW, openBenchStore, settingsFor } from './bench-world.ts'
import { startTablesProcess } from './server-process.ts'
import { startWorker, type Worker } from './worker-process.ts'
import type { TenantStore } from '../../src/store/index.ts'

/** A store of its own with a history written straight into it, and the process that reads it. */
export interface HistoryWorld {
  tenantId: string
  connectionString: string
  store: TenantStore
  worker: Worker
  close(): Promise<void>
}

const TENANT_ID = '11111111-2222-4333-8444-555555555555'

export async function startHistoryWorld(
  write: (world: Pick<HistoryWorld, 'store' | 'tenantId' | 'connectionString'>) => Promise<void>,
): Promise<HistoryWorld> {
  const tables = await startTablesProcess()
  const { connectionString } = tables
  const store = openBenchStore(connectionString, TENANT_ID)
  await write({ store, tenantId: TENANT_ID, connectionString })
  const settings = { ...settingsFor(connectionString), DEFENDER_TENANT_ID: TENANT_ID, BENCH_NOW: new Date(NOW).toISOString() }
  const worker = await startWorker(settings)
  return {
    tenantId: TENANT_ID,
    connectionString,
    store,
    worker,
    close: async () => {
      await worker.close()
      await tables.close()
    },
  }
}
