import { odata, TableClient } from '@azure/data-tables'
import { manyTenantsOf } from '../many-tenants.ts'
import { localTime } from '../../src/defender/budget/index.ts'
import { NOTHING_SET } from '../../src/domain/index.ts'
import { createProgram, type ManyTenantsServices } from '../../src/program.ts'
import { registerTenant } from '../../src/sync/index.ts'
import { dispatch } from '../../src/sync/dispatch/dispatch.ts'
import { simulatedClock } from '../simulated-clock.ts'
import { tenantIdOf } from '../simulator/index.ts'
import { grouped } from '../start/text.ts'
import { startTenantServices } from '../tenants/services.ts'
import { takeAll, type Taken } from '../tenants/take-all.ts'
import { type Figure, type Report, timeFigure } from './figure.ts'
import { startTablesProcess } from './processes.ts'
import { inTurn } from './rounds.ts'
import { quietLog } from '../quiet-log.ts'

const TENANTS = 16
const MACHINES = 60
/** Most of a slice is waiting for Defender, as in Azure: without that, instances would wait for each other's processor here. */
const LATENCY_MS = 1_000
const INSTANCES = [1, 2, 4] as const
const IDLE_TENANTS = 500
const ROUNDS = 9
const AT = Date.parse('2026-03-05T02:00:00Z')

/** Tenants by several instances against one; and what it costs to find that nobody of many is due. */
export async function measureTenants(report: Report): Promise<Figure[]> {
  const taken: Taken[] = []
  const services = await startTenantServices({ tenants: TENANTS, machines: MACHINES, latencyMs: LATENCY_MS, now: AT })
  try {
    for (const workers of INSTANCES) {
      report(`${TENANTS} tenants of ${MACHINES} machines, all due at once, by ${workers} instances of two slices at once`)
      taken.push(await takeAll(services, { prefix: `w${workers}`, workers, at: AT }))
    }
  } finally {
    await services.close()
  }
  return [...wallFigures(taken), billedFigure(taken), ...(await idleFigures(report))]
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

function wallFigures([alone, ...more]: readonly Taken[]): Figure[] {
  if (!alone) return []
  return more.map(({ wallMs }, index) => ({
    what: `${TENANTS} tenants of ${MACHINES} machines by ${INSTANCES[index + 1]} instances, time, one instance against it`,
    measured: seconds(wallMs),
    against: seconds(alone.wallMs),
    ratio: alone.wallMs / wallMs,
    target: `near ${INSTANCES[index + 1]}`,
  }))
}

/** An app a tenant has each slice by itself, and a timer that ticks all day besides, which is not in this. */
function billedFigure(taken: readonly Taken[]): Figure {
  const [{ busyMs, sliceMs } = { busyMs: 0, sliceMs: 1 }] = taken
  return {
    what: 'seconds in which one instance had a slice in hand, against those of all slices, each in an app of its own',
    measured: seconds(busyMs),
    against: seconds(sliceMs),
    ratio: busyMs / sliceMs,
    target: 'at most 1',
  }
}

async function idleFigures(report: Report): Promise<Figure[]> {
  report(`a tick over ${IDLE_TENANTS} idle tenants`)
  const tables = await startTablesProcess()
  try {
    const app = openApp(tables.connectionString)
    for (let index = 0; index < IDLE_TENANTS; index++) {
      const tenantId = tenantIdOf(index)
      await registerTenant(app.store.of(tenantId), { ...NOTHING_SET, name: `Customer ${index}` }, AT)
      await beAtRest(app, tenantId)
    }
    const client = TableClient.fromConnectionString(tables.connectionString, 'tenants', { allowInsecureConnection: true })
    const tick = () => timed(async () => void (await dispatch(app)))
    const bare = () => timed(() => readBare(client))
    await inTurn(2, tick, bare)
    const compared = await inTurn(ROUNDS, tick, bare)
    const before = (await tables.counts()).transactions
    await dispatch(app)
    const requests = (await tables.counts()).transactions - before
    return [
      timeFigure(`a tick over ${IDLE_TENANTS} idle tenants, against a bare read of their rows`, compared, 'at most 1.5'),
      {
        what: 'table transactions a tenant and idle minute',
        measured: grouped(requests),
        against: `${grouped(IDLE_TENANTS)} tenants`,
        ratio: requests / IDLE_TENANTS,
        target: 'at most 0.05',
      },
    ]
  } finally {
    await tables.close()
  }
}

/** As a tenant's row is after some days: what every column holds is of the size that it has. */
async function beAtRest({ store }: ManyTenantsServices, tenantId: string): Promise<void> {
  const { tenant } = store.of(tenantId)
  const read = await tenant.get()
  if (!read) return
  const at = new Date(AT).toISOString()
  const snapshotId = '20260305T020000Z'
  const snapshots = {
    lastSnapshotId: snapshotId,
    baselineSnapshotId: snapshotId,
    oldestSnapshotId: snapshotId,
    lastEndedSnapshotId: snapshotId,
  }
  const spent = { missingKbsBudget: `1 ${AT} 50 50 50 50`, machinesBudget: `1 ${AT} 2` }
  const ended = {
    endedStatus: 'completed',
    endedCoveragePpm: 1_000_000,
    endedMissingPairs: 400,
    endedMissingMachines: 150,
    endedOver30: 12,
  } as const
  const times = { lastTickAt: at, lastEndedAt: at, lastAnsweredAt: at, lastSliceAt: at }
  const trends = { trendsSince: snapshotId, gapsSince: snapshotId, trendsDerived: true, assessedPpm: 950_000 }
  await tenant.patch({ ...read.tenant, ...snapshots, ...spent, ...ended, ...times, ...trends }, read.etag)
}

function openApp(connectionString: string): ManyTenantsServices {
  const clock = simulatedClock(AT)
  const environment = { STORAGE_CONNECTION_STRING: connectionString, DEFENDER_CLIENT_ID: 'c11e47ab-1d00-4000-8000-0000000000aa' }
  const outside = { clock, budgetTime: localTime(clock), random: () => 0.5, log: quietLog }
  const program = createProgram(environment, outside)
  return manyTenantsOf(program)
}

async function readBare(client: TableClient): Promise<void> {
  const pages = client.listEntities({ queryOptions: { filter: odata`PartitionKey eq ${'tenant'}` } }).byPage({ maxPageSize: 1000 })
  for await (const _ of pages) continue
}

async function timed(act: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await act()
  return performance.now() - startedAt
}
