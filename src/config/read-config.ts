import type { z } from 'zod'
import {
  type CatalogueConfig,
  type Config,
  type ConfigWarning,
  type PageConfig,
  type SignIn,
  type StorageConfig,
  type Tenancy,
  tenantConfig,
} from './config.ts'
import { settingDocs } from './setting.ts'
import { settingNames, settings, type SettingName, type SettingValues, TENANT_ID_EXPECTED } from './settings.ts'

/** A setting that is missing or wrong. `received` is left out where there is none, or where it is or might be a secret. */
export interface ConfigProblem {
  name: string
  expected: string
  received?: string
}

export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: ConfigProblem[] }

export type Environment = Record<string, string | undefined>

/** Reads and checks the whole configuration; every problem at once. A blank setting counts as unset: app settings are often left blank. */
export function readConfig(environment: Environment): ConfigResult {
  const texts = settingTexts(environment)
  const parsed = settings.safeParse(texts)
  const storage = readStorage(texts)
  const problems = [
    ...tenancyProblems(texts),
    ...(parsed.success ? [] : schemaProblems(parsed.error, texts)),
    ...regionProblems(texts),
    ...storage.problems,
  ]
  const tenancy = parsed.success ? tenancyOf(parsed.data) : undefined
  if (problems.length > 0 || !parsed.success || storage.config === undefined || !tenancy) return { ok: false, problems }
  const warnings = [
    ...overriddenWarnings(parsed.data),
    ...signInWarnings(parsed.data),
    ...leaseWarnings(parsed.data),
    ...unknownWarnings(environment),
  ]
  const ofApp = { tenancy, page: pageConfig(parsed.data), catalogue: catalogueConfig(parsed.data) }
  return { ok: true, config: { ...ofApp, ...tenantConfig(parsed.data), storage: storage.config(parsed.data), warnings } }
}

const pageConfig = (values: SettingValues): PageConfig => ({ signIn: values.PAGE_SIGN_IN, tenantId: values.DEFENDER_TENANT_ID })

const catalogueConfig = (values: SettingValues): CatalogueConfig => ({
  isOn: values.CATALOGUE === 'on',
  msrcUrl: values.CATALOGUE_MSRC_URL,
  kevUrl: values.CATALOGUE_KEV_URL,
})

function tenancyOf({ DEFENDER_CLIENT_ID: clientId, DEFENDER_TENANT_ID: tenantId }: SettingValues): Tenancy | undefined {
  if (clientId !== undefined) return { kind: 'many', clientId }
  return tenantId === undefined ? undefined : { kind: 'one', tenantId }
}

function tenancyProblems({ DEFENDER_TENANT_ID: tenantId, DEFENDER_CLIENT_ID: clientId }: SettingTexts): ConfigProblem[] {
  if (tenantId !== undefined || clientId !== undefined) return []
  return [{ name: 'DEFENDER_TENANT_ID', expected: `${TENANT_ID_EXPECTED}; it is required` }]
}

/** How people get into the page, as the host is told before anything is checked; `key` where it cannot be read. */
export function pageSignIn(environment: Environment): SignIn {
  const read = settings.shape.PAGE_SIGN_IN.safeParse(settingTexts(environment).PAGE_SIGN_IN)
  return read.success ? read.data : 'key'
}

/** Whether public sources are to be asked about KBs, as the host is told before anything is checked. */
export function hasCatalogue(environment: Environment): boolean {
  return settings.shape.CATALOGUE.safeParse(settingTexts(environment).CATALOGUE).data !== 'off'
}

/** Whether an environment makes an app that reads many tenants, rightly or wrongly: known before anything is checked. */
export const readsManyTenants = (environment: Environment): boolean => settingTexts(environment).DEFENDER_CLIENT_ID !== undefined

type SettingTexts = Partial<Record<SettingName, string>>

function settingTexts(environment: Environment): SettingTexts {
  const texts: SettingTexts = {}
  for (const name of settingNames) {
    const text = environment[name]?.trim()
    if (text !== undefined && text !== '') texts[name] = text
  }
  return texts
}

function schemaProblems(error: z.ZodError, texts: SettingTexts): ConfigProblem[] {
  return error.issues.map((issue) => {
    const name = settingNames.find((candidate) => candidate === issue.path[0])
    return name === undefined ? { name: issue.path.join('.'), expected: issue.message } : problem(name, issue.message, texts)
  })
}

function problem(name: SettingName, expected: string, texts: SettingTexts): ConfigProblem {
  const received = texts[name]
  const secret = settingDocs.get(settings.shape[name])?.secret === true
  return received === undefined || secret || LOOKS_SECRET.test(received) ? { name, expected } : { name, expected, received }
}

/** A key, a signature or a password that was put into the wrong setting, e.g. `https://account.table.core.windows.net/?sv=…&sig=…`. */
const LOOKS_SECRET = /key=|sig=|signature=|secret|password|:\/\/[^/]*@/i

function regionProblems(texts: SettingTexts): ConfigProblem[] {
  const cloud = texts.DEFENDER_CLOUD?.toLowerCase() ?? 'commercial'
  if (texts.DEFENDER_REGION === undefined || cloud === 'commercial') return []
  return [problem('DEFENDER_REGION', 'nothing, as only the commercial cloud has regional hosts', texts)]
}

interface StorageReading {
  problems: ConfigProblem[]
  config?: (values: SettingValues) => StorageConfig
}

function readStorage(texts: SettingTexts): StorageReading {
  const connectionString = texts.STORAGE_CONNECTION_STRING
  if ((connectionString === undefined) === (texts.STORAGE_TABLES_URL === undefined)) {
    const found = connectionString === undefined ? 'neither is set' : 'both are set'
    return { problems: [{ name: 'STORAGE_CONNECTION_STRING', expected: `either this or STORAGE_TABLES_URL; ${found}` }] }
  }
  return {
    problems: [],
    config: (values) => {
      const tablePrefix = values.TABLE_PREFIX ?? ''
      return values.STORAGE_TABLES_URL === undefined
        ? { kind: 'connectionString', connectionString: values.STORAGE_CONNECTION_STRING ?? '', tablePrefix }
        : { kind: 'identity', tablesUrl: values.STORAGE_TABLES_URL, tablePrefix }
    },
  }
}

function overriddenWarnings(values: SettingValues): ConfigWarning[] {
  const region = values.DEFENDER_API_URL !== undefined && values.DEFENDER_REGION !== undefined
  const isForSignIn = values.PAGE_SIGN_IN === 'entra'
  const tenant = values.DEFENDER_CLIENT_ID !== undefined && values.DEFENDER_TENANT_ID !== undefined && !isForSignIn
  return [
    ...(region ? [{ name: 'DEFENDER_REGION', detail: 'has no effect, as DEFENDER_API_URL gives the host' }] : []),
    ...(tenant
      ? [{ name: 'DEFENDER_TENANT_ID', detail: 'has no effect, as DEFENDER_CLIENT_ID makes the app read its registered tenants' }]
      : []),
  ]
}

function signInWarnings({ PAGE_SIGN_IN: signIn, DEFENDER_TENANT_ID: tenantId }: SettingValues): ConfigWarning[] {
  if (signIn !== 'entra' || tenantId !== undefined) return []
  return [
    { name: 'PAGE_SIGN_IN', detail: 'is entra, and lets nobody in: DEFENDER_TENANT_ID has to name the tenant whose people may sign in' },
  ]
}

/** A call, and an attempt of a write, may take 30 s each: a third of the lease (docs/decisions.md). */
const SHORTEST_SAFE_LEASE_SECONDS = 90

function leaseWarnings({ SYNC_LEASE_SECONDS: seconds }: SettingValues): ConfigWarning[] {
  if (seconds >= SHORTEST_SAFE_LEASE_SECONDS) return []
  return [
    {
      name: 'SYNC_LEASE_SECONDS',
      detail: `is below ${SHORTEST_SAFE_LEASE_SECONDS}: a slice loses its lease and its work when Defender or the storage takes longer than that to answer`,
    },
  ]
}

/** Of which we read one, and others read many; and of names that have no family. */
const FOREIGN: ReadonlySet<string> = new Set(['AZURE_', ''])

/** Names that begin like ours but are not: most likely typing errors, whose settings would silently stay at their defaults. */
function unknownWarnings(environment: Environment): ConfigWarning[] {
  const families = new Set(settingNames.map(familyOf).filter((family) => family !== '' && !FOREIGN.has(family)))
  return Object.keys(environment)
    .filter((name) => families.has(familyOf(name).toUpperCase()))
    .filter((name) => !settingNames.some((known) => known === name))
    .sort()
    .map((name) => ({ name, detail: `is not a setting of patchtrail; the settings that begin alike: ${alike(name).join(', ')}` }))
}

/** `SYNC_SCHEDULE` -> `SYNC_`; a name of one word has none. */
const familyOf = (name: string) => name.slice(0, name.indexOf('_') + 1)

function alike(name: string): string[] {
  const family = familyOf(name).toUpperCase()
  return settingNames.filter((known) => known.startsWith(family))
}
