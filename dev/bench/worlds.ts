import { TableClient } from '@azure/data-tables'
import type { Machine } from '../../src/domain/index.ts'
import type { TenantStore } from '../../src/store/index.ts'
import { openStore, STORAGE_OPTIONS } from '../../src/store/store.ts'
import { TENANT_ID } from './write-history.ts'
import { startSimulatorProcess, startTablesProcess, startWorker, type Worker } from './processes.ts'

/** A few days after a Patch Tuesday that the simulator's catalogue knows: machines miss things, and a week later other things. */
const NOW = Date.parse('2026-05-18T02:00:00Z')
const WEEK_MS = 7 * 86_400_000

const CONCURRENCY = 8

/** Some of the simulator's machines join later: so many of these are there. */
const SHARE_THERE = 0.93

/** A Defender and a store in processes of their own, and the process that is measured. */
export interface Fleet {
  worker: Worker
  /** Takes a snapshot, which must complete; its milliseconds. */
  takeSnapshot(): Promise<number>
  /** The milliseconds of the least that asking these machines takes. */
  askBare(machineIds: readonly string[]): Promise<number>
  machines(): Promise<Machine[]>
  /** Ids of the machines that a snapshot asks. */
  wantedMachineIds(): Promise<string[]>
  /** Table transactions so far. */
  transactions(): Promise<number>
  /** Moves Defender's clock to so many weeks after its start. */
  moveToWeek(week: number): Promise<void>
  /** A new process in the worker's place, with nothing in its memory. */
  restartWorker(): Promise<void>
}

/** Measures a simulated fleet of about so many machines. */
export async function withFleet<T>(options: { machines: number; latencyMs: number }, measure: (fleet: Fleet) => Promise<T>): Promise<T> {
  const tables = await startTablesProcess()
  const simulator = await startSimulatorProcess({ ...options, machines: Math.ceil(options.machines / SHARE_THERE), now: NOW })
  const { tenantId } = simulator
  const settings = { ...settingsFor(tables.connectionString, tenantId), ...simulator.environment, DEFENDER_API_URL: simulator.url }
  const store = openStore(tableOpener(tables.connectionString), '').of(tenantId)
  const fleet: Fleet = {
    worker: await startWorker(settings),
    takeSnapshot: async () => {
      const { milliseconds, status } = await fleet.worker.run('takeSnapshot')
      if (status !== 'completed') throw new Error(`a snapshot ended as ${status}`)
      return milliseconds
    },
    askBare: async (machineIds) => (await fleet.worker.run('fetchBare', machineIds, CONCURRENCY)).milliseconds,
    machines: async () => {
      const rows: Machine[] = []
      for await (const page of store.machines.pages()) rows.push(...page)
      return rows
    },
    wantedMachineIds: async () => (await fleet.machines()).filter(({ wanted }) => wanted).map(({ machineId }) => machineId),
    transactions: async () => (await tables.counts()).transactions,
    moveToWeek: (week) => simulator.setNow(NOW + week * WEEK_MS),
    restartWorker: async () => {
      await fleet.worker.close()
      fleet.worker = await startWorker(settings)
    },
  }
  try {
    return await measure(fleet)
  } finally {
    await fleet.worker.close()
    await Promise.all([simulator.close(), tables.close()])
  }
}

/** Where a history is. */
export interface ServedHistory {
  /** Of an app that reads it. */
  settings: Record<string, string>
  /** Table transactions so far. */
  transactions: () => Promise<number>
}

/** Measures a worker that reads a history, of `TENANT_ID`, which is written straight into a store of its own. */
export async function withHistory<T>(
  write: (store: TenantStore, openTable: (name: string) => TableClient) => Promise<void>,
  measure: (worker: Worker, history: ServedHistory) => Promise<T>,
): Promise<T> {
  const { connectionString, counts, close } = await startTablesProcess()
  const openTable = tableOpener(connectionString)
  await write(openStore(openTable, '').of(TENANT_ID), openTable)
  const settings = settingsFor(connectionString, TENANT_ID)
  const worker = await startWorker(settings)
  try {
    return await measure(worker, { settings, transactions: async () => (await counts()).transactions })
  } finally {
    await worker.close()
    await close()
  }
}

/** As many calls as one likes, slices as long as they may be, and a snapshot always due. */
export const settingsFor = (connectionString: string, tenantId: string) => ({
  STORAGE_CONNECTION_STRING: connectionString,
  DEFENDER_TENANT_ID: tenantId,
  SYNC_SCHEDULE: '* * * * * *',
  SYNC_CALLS_PER_MINUTE: '1000000',
  SYNC_CALLS_PER_HOUR: '1000000',
  SYNC_CONCURRENCY: String(CONCURRENCY),
  SYNC_SLICE_SECONDS: '540',
  SYNC_LEASE_SECONDS: '900',
  BENCH_NOW: new Date(NOW).toISOString(),
})

const tableOpener = (connectionString: string) => (name: string) =>
  TableClient.fromConnectionString(connectionString, name, { ...STORAGE_OPTIONS, allowInsecureConnection: true })
