import { onTestFinished } from 'vitest'
import { oneTenantOf } from '../../dev/one-tenant.ts'
import { startAzurite } from '../../dev/azurite.ts'
import { simulatedClock, type SimulatedClock } from '../../dev/simulated-clock.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../dev/simulator/index.ts'
import { type Behaviour, startTableService, type TableServiceOptions } from '../../dev/table-service/index.ts'
import type { Environment } from '../../src/config/index.ts'
import { localTime } from '../../src/defender/budget/index.ts'
import { createDefenderClient, createTokenSource } from '../../src/defender/index.ts'
import type { Log, LogFields, LogLevel } from '../../src/log.ts'
import type { OneTenantServices } from '../../src/program.ts'
import { type OpenTable, STORAGE_OPTIONS, type TenantStore } from '../../src/store/index.ts'
import { tick, type TickResult } from '../../src/sync/index.ts'
import { checkedLog } from './checked-log.ts'
import { programOver } from './program-over.ts'
import type { AtEnd } from './sharing.ts'
import { simulatedIdentity } from './simulated-identity.ts'
import { openClient, type RunningService } from './table-services.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const WEEK = 7 * DAY

/** A Monday, two minutes before the weekly schedule of the tests. */
export const REFERENCE = Date.parse('2026-03-02T01:58:00Z')

/** Short, since a hanging Defender is waited for in real time. */
const CALL_TIMEOUT_MILLISECONDS = 2_000

export interface LogLine {
  level: LogLevel
  event: string
  fields: LogFields
}

/** What a program of a world works with. */
export interface WorldServices extends OneTenantServices {
  /** As the program itself opens its tables. */
  openTable: OpenTable
}

/** A Defender, a store and a program between them, on a clock that only the test moves. */
export interface World {
  clock: SimulatedClock
  tables: RunningService
  /** Makes the table service misbehave; only with `tables: 'tableService'`. */
  disturbTables(change: Partial<Behaviour>): void
  simulator: Simulator
  environment: Environment
  services: WorldServices
  store: TenantStore
  tenantId: string
  log: LogLine[]
  tick(): Promise<TickResult>
  /** Ticks every minute until a snapshot has ended; its id. */
  snapshot(): Promise<string>
  /** Every bearer token that this world's programs were given. */
  issuedTokens(): readonly string[]
  /** A second program on the same store and Defender: another process. */
  another(options?: { environment?: Environment; clock?: SimulatedClock }): Promise<WorldServices>
}

export interface WorldOptions extends Partial<SimulatorOptions> {
  environment?: Environment
  /**
   * Where the tables are: real Azurite; where a test needs hundreds of histories, the table service of `dev/`, in memory; or a service that
   * several worlds share, each by a `TABLE_PREFIX` of its own.
   */
  tables?: 'azurite' | 'tableService' | RunningService
  /** The mishaps of single requests to the table service of `dev/`. */
  script?: TableServiceOptions['script']
  /** Is told how to close what is opened: with the test, unless several share the world. */
  atEnd?: AtEnd
}

export async function startWorld(given: WorldOptions = {}): Promise<World> {
  const { environment = {}, tables = 'azurite', script, atEnd = onTestFinished, ...options } = given
  const clock = simulatedClock(REFERENCE)
  const tableService =
    tables === 'tableService' ? await startTableService({ random: seededRandom(options.seed ?? 7), ...(script && { script }) }) : undefined
  const service = tableService ?? (typeof tables === 'object' ? tables : await startAzurite())
  if (service !== tables) atEnd(() => service.close())
  const simulator = await startSimulator({ seed: 7, machines: 40, now: () => clock.now(), quota: 'none', ...options })
  atEnd(() => simulator.close())
  const log: LogLine[] = []
  const identity = simulatedIdentity(simulator)
  const settings = {
    DEFENDER_TENANT_ID: simulator.tenantId,
    DEFENDER_API_URL: simulator.url,
    STORAGE_CONNECTION_STRING: service.connectionString,
    SYNC_SCHEDULE: '0 0 2 * * 1',
    SYNC_CALLS_PER_MINUTE: '100000',
    SYNC_CALLS_PER_HOUR: '1000000',
    ...environment,
  }
  const another: World['another'] = async (given = {}) => {
    const itsClock = given.clock ?? clock
    const outside = { clock: itsClock, budgetTime: localTime(itsClock), random: () => 0.5, log: recorder(log) }
    const opened = oneTenantOf(programOver(service, { ...settings, ...given.environment }, outside))
    const token = createTokenSource({ credential: identity, scope: opened.config.defender.scope, clock: itsClock })
    const { apiUrl } = opened.config.defender
    const defender = createDefenderClient({ apiUrl, concurrency: 8, token, outside, callTimeoutMs: CALL_TIMEOUT_MILLISECONDS })
    atEnd(() => defender.close())
    return { ...opened, openTable: (name) => openClient(service, name, STORAGE_OPTIONS), defender }
  }
  const services = await another()
  const world: World = {
    issuedTokens: () => identity.issued,
    clock,
    tables: service,
    disturbTables: (change) => tableService?.setFaults(change),
    simulator,
    environment: settings,
    services,
    log,
    another,
    store: services.store.of(simulator.tenantId),
    tenantId: simulator.tenantId,
    tick: () => tick(services),
    snapshot: () => takeSnapshot(services, clock),
  }
  return world
}

/** Ticks every minute until a snapshot has ended; its id. */
export async function takeSnapshot(services: OneTenantServices, clock: SimulatedClock): Promise<string> {
  for (let ticks = 0; ticks < 10_000; ticks++) {
    const result = await tick(services)
    if (result.kind === 'ended') {
      const read = await services.store.of(services.tenantId).tenant.get()
      return read?.tenant.lastEndedSnapshotId ?? ''
    }
    clock.advance(MINUTE - (clock.now() % MINUTE))
  }
  throw new Error('no snapshot ended in 10,000 ticks')
}

/** A log that keeps its lines, each of which must be as the table of log events says. */
export function recorder(lines: LogLine[]): Log {
  return checkedLog((level, event, fields) => void lines.push({ level, event, fields }))
}

export const openTablesOf = ({ openTable }: WorldServices): OpenTable => openTable

/** The same numbers in [0, 1) for the same seed. https://en.wikipedia.org/wiki/Linear_congruential_generator */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}
