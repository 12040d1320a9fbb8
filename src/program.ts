import packageJson from '../package.json' with { type: 'json' }
import { type Config, type ConfigProblem, type Environment, readConfig, type TenantReading, tenantReader } from './config/index.ts'
import { createCredential, type DefenderClient, type Proxies, readProxies } from './defender/index.ts'
import type { TenantSettings } from './domain/index.ts'
import { defenderOfOne, defendersOfMany, type OpenDefender } from './open-defender.ts'
import type { Outside } from './outside.ts'
import { KnownCatalogue, openStore, rowLog, type Store } from './store/index.ts'
import { tableOpener } from './store/open-table.ts'
import { systemOutside } from './system-outside.ts'

/** What the program works with, made once per process. */
export type Services = OneTenantServices | ManyTenantsServices

interface AppServices {
  config: Config
  store: Store
  /** What is known of KBs, of all tenants. */
  catalogue: KnownCatalogue
  /** Of whatever goes out, to Defender and to public sources. */
  proxies: Proxies
  outside: Outside
  version: string
}

/** Of an app that reads one tenant. */
export interface OneTenantServices extends AppServices {
  kind: 'one'
  tenantId: string
  defender: DefenderClient
}

/** Of an app that reads those that are registered. */
export interface ManyTenantsServices extends AppServices {
  kind: 'many'
  /** Of the app, in each tenant. */
  clientId: string
  /** How a tenant is read, by what is set for it. */
  readSettings: (settings: TenantSettings) => TenantReading
  openDefender: OpenDefender
}

/** The program, or what keeps it from working. `reported`: a tick has logged what is wrong with the configuration. */
export type Program =
  | { kind: 'ready'; services: Services; outside: Outside; reported: boolean }
  | { kind: 'broken'; problems: ConfigProblem[]; outside: Outside; version: string; reported: boolean }

/** The composition root: everything that the functions need, from the environment and the world outside. */
export function createProgram(environment: Environment, outside: Outside): Program {
  const { version } = packageJson
  const read = readConfig(environment)
  const proxies = readProxies(environment)
  if (!read.ok || !proxies.ok) {
    const problems = [...(read.ok ? [] : read.problems), ...(proxies.ok ? [] : [{ name: proxies.name, expected: PROXY }])]
    return { kind: 'broken', problems, outside, version, reported: false }
  }
  const { config } = read
  try {
    // The storage account is in the tenant of the app, which need not be the one that is read.
    const openTable = tableOpener(config.storage, () => createCredential({ authorityUrl: config.defender.authorityUrl }))
    const store = openStore(openTable, config.storage.tablePrefix, rowLog(outside.log))
    const catalogue = new KnownCatalogue(store.catalogue, () => outside.clock.now())
    const common = { config, store, catalogue, proxies: proxies.proxies, outside, version }
    return { kind: 'ready', services: services(common, environment), outside, reported: false }
  } catch {
    // The SDK's own check of the connection string; its message might repeat the key.
    return { kind: 'broken', problems: [UNREADABLE_CONNECTION_STRING], outside, version, reported: false }
  }
}

const UNREADABLE_CONNECTION_STRING = { name: 'STORAGE_CONNECTION_STRING', expected: 'a connection string that the storage SDK can read' }

const PROXY = 'the address of an HTTP proxy, e.g. http://proxy.example:8080'

function services(common: AppServices, environment: Environment): Services {
  const { config, proxies } = common
  const { tenancy } = config
  if (tenancy.kind === 'one') {
    const { tenantId } = tenancy
    return { ...common, kind: 'one', tenantId, defender: defenderOfOne(tenantId, config, common.outside, proxies) }
  }
  const { clientId } = tenancy
  const openDefender = defendersOfMany(clientId, config, common.outside, proxies)
  return { ...common, kind: 'many', clientId, readSettings: tenantReader(environment), openDefender }
}

// The functions are called by the Functions host with a request and nothing else, so what they share has to live here.
const outside = { ...systemOutside }
let program: Program | undefined

/** The program of this process, made at the first call: start-up does no work that could fail. */
export function openProgram(): Program {
  return (program ??= createProgram(process.env, outside))
}

/** Replaces parts of the world outside: the local run and the tests move the clock. */
export function useOutside(parts: Partial<Outside>): void {
  Object.assign(outside, parts)
}
