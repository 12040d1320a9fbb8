import { localTime } from '../../src/defender/budget/index.ts'
import { createDefenderClient } from '../../src/defender/index.ts'
import { createLog } from '../../src/log.ts'
import type { Outside } from '../../src/outside.ts'
import { logLineProblems } from '../log-line-problems.ts'
import { oneTenantOf } from '../one-tenant.ts'
import { createProgram, type OneTenantServices } from '../../src/program.ts'
import { KnownCatalogue, openStore, rowLog, STORAGE_OPTIONS } from '../../src/store/index.ts'
import { START } from './fleet.ts'
import type { FuzzDefender } from './fuzz-defender.ts'
import { InProcessTables } from './in-process-tables.ts'
import { SECRET } from './secrets.ts'

export const TENANT = '11111111-2222-3333-4444-555555555555'

/** As the app opens its tables, without its waits. */
const QUICK = { ...STORAGE_OPTIONS, retryOptions: { maxRetries: 2, retryDelayInMs: 1, maxRetryDelayInMs: 2 } }

/** Real time; only an answer that never comes waits for it. */
const CALL_TIMEOUT_MS = 5_000

export interface FuzzWorld {
  services: OneTenantServices
  tables: InProcessTables
  clock: { at: number }
  /** Every line, as JSON. */
  log: string[]
  /** In what lines are not as the table of log events says. */
  logProblems: string[]
  close(): Promise<void>
}

/** The program, with its real client, over a Defender and tables of its own, on a clock that only moves when somebody waits. */
export function openFuzzWorld({ url }: Pick<FuzzDefender, 'url'>): FuzzWorld {
  const time = { at: START }
  const clock = {
    now: () => time.at,
    sleep: async (milliseconds: number) => {
      await Promise.resolve()
      time.at += milliseconds
    },
  }
  const log: string[] = []
  const logProblems: string[] = []
  const outside = outsideOf(clock, { log, logProblems })
  const tables = new InProcessTables(clock.now, outside.random)
  const program = createProgram({ ...SETTINGS, DEFENDER_API_URL: url, STORAGE_CONNECTION_STRING: tables.connectionString }, outside)
  const services = oneTenantOf(program)
  const { config } = services
  const token = { get: async () => ({ kind: 'token' as const, token: SECRET }), refuse: () => undefined }
  const { apiUrl } = config.defender
  const { concurrency } = config.sync
  const defender = createDefenderClient({ apiUrl, concurrency, token, outside, callTimeoutMs: CALL_TIMEOUT_MS })
  const store = openStore((name) => tables.open(name, QUICK), '', rowLog(outside.log))
  const catalogue = new KnownCatalogue(store.catalogue, clock.now)
  return { services: { ...services, store, catalogue, defender }, tables, clock: time, log, logProblems, close: () => defender.close() }
}

const SETTINGS = {
  DEFENDER_TENANT_ID: TENANT,
  SYNC_SCHEDULE: '0 0 0 1 1 *',
  SYNC_CALLS_PER_MINUTE: '100000',
  SYNC_CALLS_PER_HOUR: '1000000',
}

function outsideOf(clock: Outside['clock'], kept: Pick<FuzzWorld, 'log' | 'logProblems'>): Outside {
  const log = createLog((level, event, fields) => {
    kept.log.push(JSON.stringify({ level, event, ...fields }))
    kept.logProblems.push(...logLineProblems(level, event, fields))
  })
  return { clock, budgetTime: localTime(clock), random: () => 0.5, log }
}
