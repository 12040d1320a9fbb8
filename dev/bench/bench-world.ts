import { TableClient } from '@azure/data-tables'
import type { Machine } from '../../src/domain/index.ts'
import type { TenantStore } from '../../src/store/index.ts'
import { openStore, STORAGE_OPTIONS } from '../../src/store/store.ts'
import { type SimulatorProcess, startSimulatorProcess, startTablesProcess, type TablesProcess } from './server-process.ts'
import { startWorker, type Worker } from './worker-process.ts'

export const CONCURRENCY = 8

/** A Defender and a store in processes of their own, and the process that is measured. */
export interface BenchWorld {
  simulator: SimulatorProcess
  tables: TablesProcess
  worker: Worker
  store: TenantStore
  machines(): Promise<Machine[]>
  /** A new process in the worker's place, with nothing in its memory. */
  restartWorker(): Promise<void>
  close(): Promise<void>
}

/** A few days after a Patch Tuesday that the simulator's catalogue knows: machines miss things, and a week later other things. */
export const NOW = Date.parse('2026-05-18T02:00:00Z')

/** Some of the simulator's machines join later: so many of these are there. */
const SHARE_THERE = 0.93

export async function startBenchWorld(options: { machines: number; latencyMs: number }): Promise<BenchWorld> {
  const tables = await startTablesProcess()
  const simulator = await startSimulatorProcess({ ...options, machines: Math.ceil(options.machines / SHARE_THERE), now: NOW })
  const defender = { ...simulator.environment, DEFENDER_TENANT_ID: simulator.tenantId, DEFENDER_API_URL: simulator.url }
  const settings = { ...settingsFor(tables.connectionString), ...defender, BENCH_NOW: new Date(NOW).toISOString() }
  const store = openBenchStore(tables.connectionString, simulator.tenantId)
  const world: BenchWorld = {
    simulator,
    tables,
    store,
    worker: await startWorker(settings),
    machines: () => allMachines(store),
    restartWorker: async () => {
      await world.worker.close()
      world.worker = await startWorker(settings)
    },
    close: async () => {
      await world.worker.close()
      await Promise.all([simulator.close(), tables.close()])
    },
  }
  return world
}

/** As many calls as one likes, slices as long as they may be, and a snapshot always due. */
export const settingsFor = (connectionString: string) => ({
  STORAGE_CONNECTION_STRING: connectionString,
  SYNC_SCHEDULE: '* * * * * *',
  SYNC_CALLS_PER_MINUTE: '1000000',
  SYNC_CALLS_PER_HOUR: '1000000',
  SYNC_CONCURRENCY: String(CONCURRENCY),
  SYNC_SLICE_SECONDS: '540',
  SYNC_LEASE_SECONDS: '900',
})

export const openBenchStore = (connectionString: string, tenantId: string): TenantStore =>
  openStore(
    (name) => TableClient.fromConnectionString(connectionString, name, { ...STORAGE_OPTIONS, allowInsecureConnection: true }),
    '',
  ).of(tenantId)

async function allMachines(store: TenantStore): Promise<Machine[]> {
  const rows: Machine[] = []
  for await (const page of store.machines.pages()) rows.push(...page)
  return rows
}
