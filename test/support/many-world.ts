import { onTestFinished } from 'vitest'
import { manyTenantsOf } from '../../dev/many-tenants.ts'
import { simulatedClock, type SimulatedClock } from '../../dev/simulated-clock.ts'
import { oneTenantOf } from '../../dev/one-tenant.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../dev/simulator/index.ts'
import { startTableService, type TableServiceOptions } from '../../dev/table-service/index.ts'
import { startAzurite } from '../../dev/azurite.ts'
import type { Environment } from '../../src/config/index.ts'
import { localTime } from '../../src/defender/budget/index.ts'
import { createDefenderClient, createTokenSource, type DefenderClient } from '../../src/defender/index.ts'
import { NOTHING_SET, type TenantSettings } from '../../src/domain/index.ts'
import type { Outside } from '../../src/outside.ts'
import { createProgram, type ManyTenantsServices, type OneTenantServices } from '../../src/program.ts'
import { openStore } from '../../src/store/index.ts'
import { registerTenant } from '../../src/sync/index.ts'
import type { Mortal } from './mortal.ts'
import { programOver } from './program-over.ts'
import type { AtEnd } from './sharing.ts'
import { simulatedIdentity } from './simulated-identity.ts'
import { STORE_OPTIONS } from './stores.ts'
import { openClient, type RunningService } from './table-services.ts'
import { type LogLine, REFERENCE, recorder } from './world.ts'

export const CLIENT_ID = 'c11e47ab-0000-4000-8000-000000000001'

/** `0000000a-…` for 10: ids that sort as their numbers do. */
export const tenantIdAt = (index: number) => `${index.toString(16).padStart(8, '0')}-1111-4222-8333-444444444444`

/** An app that reads many tenants, each with a Defender of its own, whose time stands still unless the test moves it. */
export interface ManyWorld {
  tenantIds: readonly string[]
  simulators: ReadonlyMap<string, Simulator>
  tables: RunningService
  /** Defender's time. */
  frozen: { at: number }
  log: LogLine[]
  /** A process of the app, on a clock, over tables of a prefix; it dies where it is mortal. */
  open(prefix: string, clock: SimulatedClock, options?: OpenOptions): ManyTenantsServices
  /** A process of an app that reads this tenant alone. */
  alone(tenantId: string, prefix: string, clock: SimulatedClock, environment?: Environment): OneTenantServices
  /** Adds tenants to the app of a prefix. */
  register(prefix: string, settings?: Partial<TenantSettings>, tenantIds?: readonly string[]): Promise<void>
}

export interface OpenOptions {
  mortal?: Mortal
  environment?: Environment
  defenderOf?: (tenantId: string, usual: DefenderClient, clock: SimulatedClock) => DefenderClient
}

export interface ManyWorldOptions {
  tenants: readonly Partial<SimulatorOptions>[]
  environment?: Environment
  tables?: 'azurite' | 'tableService'
  script?: TableServiceOptions['script']
  /** Is told how to close what is opened: with the test, unless several share the world. */
  atEnd?: AtEnd
}

const asUsual = (_: string, usual: DefenderClient) => usual

const SETTINGS = { SYNC_SCHEDULE: '0 0 2 * * 1', SYNC_CALLS_PER_MINUTE: '100000', SYNC_CALLS_PER_HOUR: '1000000' }

export async function startManyWorld(given: ManyWorldOptions): Promise<ManyWorld> {
  const { tenants, environment = {}, tables = 'tableService', script, atEnd = onTestFinished } = given
  const frozen = { at: REFERENCE }
  const service = tables === 'azurite' ? await startAzurite() : await startTableService({ random: () => 0.5, ...(script && { script }) })
  atEnd(() => service.close())
  const simulators = new Map<string, Simulator>()
  for (const [index, options] of tenants.entries()) {
    const tenantId = tenantIdAt(index + 1)
    const simulator = await startSimulator({ seed: index + 1, machines: 20, now: () => frozen.at, quota: 'none', tenantId, ...options })
    atEnd(() => simulator.close())
    simulators.set(tenantId, simulator)
  }
  const log: LogLine[] = []
  const settings = { ...SETTINGS, STORAGE_CONNECTION_STRING: service.connectionString, ...environment }
  const outsideOf = (clock: SimulatedClock) => ({ clock, budgetTime: localTime(clock), random: () => 0.5, log: recorder(log) })
  const clientOf = (tenantId: string, clock: SimulatedClock, concurrency: number) =>
    openClientOf(simulators.get(tenantId), outsideOf(clock), concurrency, atEnd)
  const world: ManyWorld = {
    tenantIds: [...simulators.keys()],
    simulators,
    tables: service,
    frozen,
    log,
    open(prefix, clock, { mortal, environment: more = {}, defenderOf = asUsual }: OpenOptions = {}) {
      const program = createProgram({ ...settings, DEFENDER_CLIENT_ID: CLIENT_ID, TABLE_PREFIX: prefix, ...more }, outsideOf(clock))
      const openTable = (name: string) => {
        const client = openClient(service, name, STORE_OPTIONS)
        return mortal ? mortal.table(client) : client
      }
      return {
        ...manyTenantsOf(program),
        store: openStore(openTable, prefix),
        openDefender: (tenantId, config) => {
          const client = defenderOf(tenantId, clientOf(tenantId, clock, config.sync.concurrency), clock)
          return mortal ? mortal.defender(client) : client
        },
      }
    },
    alone(tenantId, prefix, clock, more = {}) {
      const environmentOfOne = { ...settings, DEFENDER_TENANT_ID: tenantId, TABLE_PREFIX: prefix, ...more }
      const opened = oneTenantOf(programOver(service, environmentOfOne, outsideOf(clock)))
      return { ...opened, defender: clientOf(tenantId, clock, opened.config.sync.concurrency) }
    },
    async register(prefix, given = {}, tenantIds = world.tenantIds) {
      const { store } = world.open(prefix, simulatedClock(REFERENCE))
      for (const tenantId of tenantIds) await registerTenant(store.of(tenantId), { ...NOTHING_SET, name: tenantId, ...given }, REFERENCE)
    },
  }
  return world
}

function openClientOf(simulator: Simulator | undefined, outside: Outside, concurrency: number, atEnd: AtEnd): DefenderClient {
  if (!simulator) throw new Error('no Defender of this tenant')
  const credential = simulatedIdentity(simulator)
  const token = createTokenSource({ credential, scope: 'https://api.securitycenter.microsoft.com/.default', clock: outside.clock })
  const client = createDefenderClient({ apiUrl: simulator.url, concurrency, token, outside, callTimeoutMs: 2_000 })
  atEnd(() => client.close())
  return client
}
