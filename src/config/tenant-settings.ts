import { clouds } from '../defender/clouds.ts'
import type { TenantSettings } from '../domain/index.ts'
import { type TenantConfig } from './config.ts'
import { type Environment, readConfig } from './read-config.ts'
import type { SettingName } from './settings.ts'

/** What may be set for a tenant that stands for a setting of the app, which counts where nothing is set. */
const OF_APP = {
  cloud: 'DEFENDER_CLOUD',
  region: 'DEFENDER_REGION',
  schedule: 'SYNC_SCHEDULE',
  machineFilter: 'MACHINE_FILTER',
  machinePlatforms: 'MACHINE_PLATFORMS',
  callsPerMinute: 'SYNC_CALLS_PER_MINUTE',
  callsPerHour: 'SYNC_CALLS_PER_HOUR',
  source: 'SOURCE',
} as const satisfies Partial<Record<keyof TenantSettings, SettingName>>

/** The names of what may be set for a tenant. */
export type OwnSetting = keyof typeof OF_APP

/** What is set for a tenant and cannot be read. */
export interface TenantProblem {
  setting: OwnSetting
  expected: string
}

/** How a tenant is read. What is wrong with its own settings is left to those of the app: its history can be read all the same. */
export interface TenantReading {
  config: TenantConfig
  problems: readonly TenantProblem[]
}

/** Kept at once; more tenants than this with settings of their own, all different, are read anew. */
const MOST_KEPT = 500

/**
 * How tenants are read, by the app's environment and what is set for each. Throws where the environment itself is wrong, which whoever
 * makes this has checked.
 */
export function tenantReader(environment: Environment): (settings: TenantSettings) => TenantReading {
  const app = required(environment)
  const kept = new Map<string, TenantReading>()
  return (settings) => {
    const own = Object.entries(ownTexts(settings))
    if (own.length === 0) return { config: app, problems: [] }
    const key = JSON.stringify(own)
    const found = kept.get(key) ?? readTenant(environment, app, settings)
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(key, found)
    return found
  }
}

function readTenant(environment: Environment, app: TenantConfig, settings: TenantSettings): TenantReading {
  // The region of the app's cloud is none of another cloud's.
  const base = settings.cloud === null ? environment : { ...environment, DEFENDER_REGION: undefined }
  const read = readConfig({ ...base, ...ownTexts(settings) })
  if (!read.ok) return { config: app, problems: read.problems.map(toProblem) }
  const problems = cloudProblems(read.config, app)
  return { config: problems.length === 0 ? read.config : app, problems }
}

/** The identity's token is taken in its own cloud only: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity */
function cloudProblems({ defender }: TenantConfig, app: TenantConfig): TenantProblem[] {
  // Not what is set for all: a test's authority says nothing of the cloud.
  if (clouds[defender.cloud].authorityUrl === clouds[app.defender.cloud].authorityUrl) return []
  return [{ setting: 'cloud', expected: `a cloud that signs in where the app's does, which is ${app.defender.cloud}` }]
}

/** Of what is set for a tenant, that which stands for settings of the app. */
function ownTexts(settings: TenantSettings): Environment {
  const texts: Environment = {}
  for (const [name, setting] of Object.entries(OF_APP)) {
    const value = settings[name as keyof typeof OF_APP]
    if (value !== null) texts[setting] = String(value)
  }
  return texts
}

function toProblem({ name, expected }: { name: string; expected: string }): TenantProblem {
  const [setting] = Object.entries(OF_APP).find(([, ofApp]) => ofApp === name) ?? ['schedule']
  return { setting: setting as OwnSetting, expected }
}

function required(environment: Environment): TenantConfig {
  const read = readConfig(environment)
  if (!read.ok) throw new TypeError('the environment was to be checked before')
  return read.config
}
