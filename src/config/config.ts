import { cloudApiUrl, clouds, type CloudName } from '../defender/clouds.ts'
import type { Policy, SourceKind } from '../domain/index.ts'
import { intervalMs, type Schedule } from '../schedule/index.ts'
import type { SettingValues, SIGN_INS } from './settings.ts'

/** The configuration of the program, checked. */
export interface Config extends TenantConfig {
  tenancy: Tenancy
  page: PageConfig
  catalogue: CatalogueConfig
  storage: StorageConfig
  warnings: ConfigWarning[]
}

/** Whom the app reads: one tenant, with a credential of its own, or those that are registered, as an app in each of them. */
export type Tenancy = { kind: 'one'; tenantId: string } | { kind: 'many'; clientId: string }

export interface PageConfig {
  signIn: SignIn
  /** Whose people may sign in at the platform; undefined where none is named. */
  tenantId: string | undefined
}

/** Where public facts about KBs are read from. */
export interface CatalogueConfig {
  isOn: boolean
  msrcUrl: string
  kevUrl: string
}

/** How people get into the page: by a function key, by a sign-in at the platform, or not at all. */
export type SignIn = (typeof SIGN_INS)[number]

/** How a tenant is read: of one of many, what is set for it, and else what is set for the app. */
export interface TenantConfig {
  defender: {
    cloud: CloudName
    /** Origin of the API; the only place that a token is sent to. */
    apiUrl: string
    scope: string
    authorityUrl: string
  }
  sync: {
    schedule: Schedule
    callsPerMinute: number
    callsPerHour: number
    concurrency: number
    sliceSeconds: number
    leaseSeconds: number
  }
  machines: { filter?: string; platforms: string[] }
  source: SourceConfig
  health: { staleHours?: number; leastAssessed: number }
  /** By when what is missing has to be installed. */
  policy: Policy
}

/** How snapshots learn what machines miss. */
export interface SourceConfig {
  kind: SourceKind
  /** The share of the machines that is asked each day to check an export. */
  sample: number
}

export type StorageConfig = { tablePrefix: string } & (
  | { kind: 'connectionString'; connectionString: string }
  /** Reached with the same kind of credential as Defender. */
  | { kind: 'identity'; tablesUrl: string }
)

/** Something that does no harm but is hardly meant. */
export interface ConfigWarning {
  name: string
  detail: string
}

/** All that may be another for another tenant. */
export function tenantConfig(values: SettingValues): TenantConfig {
  const cloud = clouds[values.DEFENDER_CLOUD]
  return {
    defender: {
      cloud: values.DEFENDER_CLOUD,
      apiUrl: values.DEFENDER_API_URL ?? cloudApiUrl(values.DEFENDER_CLOUD, values.DEFENDER_REGION),
      scope: values.DEFENDER_SCOPE ?? cloud.scope,
      authorityUrl: values.AZURE_AUTHORITY_HOST ?? cloud.authorityUrl,
    },
    sync: {
      schedule: values.SYNC_SCHEDULE,
      callsPerMinute: values.SYNC_CALLS_PER_MINUTE,
      callsPerHour: values.SYNC_CALLS_PER_HOUR,
      concurrency: values.SYNC_CONCURRENCY,
      sliceSeconds: values.SYNC_SLICE_SECONDS,
      leaseSeconds: values.SYNC_LEASE_SECONDS,
    },
    machines: {
      platforms: values.MACHINE_PLATFORMS,
      ...(values.MACHINE_FILTER === undefined ? {} : { filter: values.MACHINE_FILTER }),
    },
    source: { kind: values.SOURCE, sample: values.EXPORT_SAMPLE },
    policy: values.CATALOGUE_POLICY,
    health: {
      leastAssessed: values.HEALTH_LEAST_ASSESSED,
      ...(values.HEALTH_STALE_HOURS !== undefined && { staleHours: values.HEALTH_STALE_HOURS }),
    },
  }
}

/** How long (ms) the newest ended snapshot stays fresh at an instant: HEALTH_STALE_HOURS, or twice the schedule's interval. */
function staleAfterMs(config: Pick<TenantConfig, 'health' | 'sync'>, atMs: number): number {
  const { staleHours } = config.health
  return staleHours === undefined ? 2 * intervalMs(config.sync.schedule, atMs) : staleHours * 3_600_000
}

/** What health is judged by at an instant. */
export function healthRules(config: Pick<TenantConfig, 'health' | 'sync'>, atMs: number): { staleAfterMs: number; leastAssessed: number } {
  return { staleAfterMs: staleAfterMs(config, atMs), leastAssessed: config.health.leastAssessed }
}
