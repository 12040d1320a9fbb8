import { cloudApiUrl, clouds } from '../defender/clouds.ts'
import { intervalMs, type Schedule } from '../schedule/index.ts'
import type { SettingValues } from './settings.ts'

/** The configuration of the program, checked. */
export interface Config {
  defender: {
    tenantId: string
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
  storage: StorageConfig
  health: { staleHours?: number; leastAssessed: number }
  warnings: ConfigWarning[]
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

export type ConfigParts = Omit<Config, 'storage' | 'warnings'>

/** All but the storage, whose two settings depend on each other, and the warnings. */
export function configParts(values: SettingValues): ConfigParts {
  const cloud = clouds[values.DEFENDER_CLOUD]
  return {
    defender: {
      tenantId: values.DEFENDER_TENANT_ID,
      apiUrl: values.DEFENDER_API_URL ?? cloudApiUrl(values.DEFENDER_CLOUD, values.DEFENDER_REGION),
      scope: values.DEFENDER_SCOPE ?? cloud.scope,
      authorityUrl: cloud.authorityUrl,
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
    health: {
      leastAssessed: values.HEALTH_LEAST_ASSESSED,
      ...(values.HEALTH_STALE_HOURS !== undefined && { staleHours: values.HEALTH_STALE_HOURS }),
    },
  }
}

/** How long (ms) the newest ended snapshot stays fresh at an instant: HEALTH_STALE_HOURS, or twice the schedule's interval. */
function staleAfterMs(config: Pick<Config, 'health' | 'sync'>, atMs: number): number {
  const { staleHours } = config.health
  return staleHours === undefined ? 2 * intervalMs(config.sync.schedule, atMs) : staleHours * 3_600_000
}

/** What health is judged by at an instant. */
export function healthRules(config: Pick<Config, 'health' | 'sync'>, atMs: number): { staleAfterMs: number; leastAssessed: number } {
  return { staleAfterMs: staleAfterMs(config, atMs), leastAssessed: config.health.leastAssessed }
}
