import { z } from 'zod'
import { cloudNames, regions } from '../defender/clouds.ts'
import { readTenantId, SOURCE_KINDS } from '../domain/index.ts'
import { parseSchedule, type Schedule } from '../schedule/index.ts'
import { policySetting } from './policy-setting.ts'
import { defaulted, optional } from './setting.ts'
import { commaSeparated, secureUrl, share, textSetting, wholeNumber, wordSetting } from './text.ts'

/** What a tenant's id has to be. */
export const TENANT_ID_EXPECTED = 'a GUID, e.g. 8a0b1f3e-5c4d-4e2f-9a6b-7c8d9e0f1a2b'

const tenantId = textSetting(TENANT_ID_EXPECTED, readTenantId)
const guid = textSetting('the client id of an app registration, a GUID', readTenantId)

/** The library refuses an authority without TLS, on this machine as well. */
const authority = textSetting('an https address without path, e.g. https://login.microsoftonline.us', (text) => {
  const url = secureUrl(text)
  return url?.protocol === 'https:' && url.pathname === '/' ? url.origin : undefined
})

const apiUrl = textSetting(
  'an https address without path, query or credentials, e.g. https://api.security.microsoft.com (http only for 127.0.0.1)',
  (text) => {
    const url = secureUrl(text)
    return url?.pathname === '/' ? url.origin : undefined
  },
)

/** Of a place that documents are read from: any, so that a mirror may be anywhere. */
const sourceUrl = textSetting('an https address without query or credentials (http only for 127.0.0.1)', (text) =>
  secureUrl(text)?.href.replace(/\/$/, ''),
)

const scope = textSetting('a token scope that ends in /.default, e.g. https://api.securitycenter.microsoft.com/.default', (text) =>
  /^[^\s,]+\/\.default$/.test(text) ? text : undefined,
)

const schedule = z.string().transform((text, context): Schedule => {
  const parsed = parseSchedule(text)
  if (parsed.ok) return parsed.schedule
  context.issues.push({ code: 'custom', message: `NCRONTAB in UTC, e.g. "0 0 2 * * *": ${parsed.reason}`, input: text })
  return z.NEVER
})

const filter = textSetting(
  'an OData expression of at most 2000 characters without "$filter=", e.g. startswith(computerDnsName,\'srv\')',
  (text) => (text.length <= 2000 && !/^\$filter\b/i.test(text) ? text : undefined),
)

/** Enough for the SDK to find the account: it checks the rest when it is built. */
const connectionString = textSetting(
  'a storage connection string with AccountName and AccountKey, or TableEndpoint, or UseDevelopmentStorage=true',
  (text) =>
    /(^|;)\s*(UseDevelopmentStorage=true|AccountName=[^;]+;(.*;)?\s*AccountKey=|AccountKey=.+;\s*AccountName=|TableEndpoint=)/i.test(text)
      ? text
      : undefined,
)

const tablesUrl = textSetting(
  'the table endpoint of a storage account, e.g. https://account.table.core.windows.net (http only for 127.0.0.1)',
  (text) => secureUrl(text)?.href.replace(/\/$/, ''),
)

/** A table name has at most 63 characters (https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model), the longest of ours, changesYYYYMM, 13. */
const LONGEST_PREFIX = 63 - 'changesYYYYMM'.length

const tablePrefix = textSetting(`lower-case letters and digits, a letter first, at most ${LONGEST_PREFIX} characters`, (text) =>
  /^[a-z][a-z0-9]*$/.test(text) && text.length <= LONGEST_PREFIX ? text : undefined,
)

/** How people get into the page. */
export const SIGN_INS = ['key', 'entra', 'off'] as const

/** Whether public sources are asked about KBs. */
const SWITCHES = ['on', 'off'] as const

/** Calls in flight that a quota of this API could ever need. */
export const MOST_CONCURRENCY = 100

/** Every setting of the program: name, check, default and meaning. README's table and local.settings.sample.json are made from it. */
export const settings = z.object({
  DEFENDER_TENANT_ID: optional(tenantId, {
    meaning: 'Microsoft Entra tenant id, of an app that reads one tenant',
    shownDefault: 'required',
    sample: '00000000-0000-0000-0000-000000000000',
  }),
  DEFENDER_CLIENT_ID: optional(guid, {
    meaning: "client id of a multi-tenant app registration that trusts the app's managed identity; switches to many tenants",
  }),
  DEFENDER_CLOUD: defaulted(wordSetting(cloudNames), 'commercial', { meaning: cloudNames.map((name) => `\`${name}\``).join(', ') }),
  DEFENDER_REGION: optional(wordSetting(regions), { meaning: `${regions.map((name) => `\`${name}\``).join(', ')}: the closer host` }),
  DEFENDER_API_URL: optional(apiUrl, { meaning: 'overrides the host; `http:` only for loopback', shownDefault: 'from cloud and region' }),
  DEFENDER_SCOPE: optional(scope, {
    meaning: 'token scope, e.g. `https://api.securitycenter.microsoft.com/.default`',
    shownDefault: 'from cloud',
  }),
  AZURE_AUTHORITY_HOST: optional(authority, { meaning: 'where tokens are asked for, over HTTPS', shownDefault: 'from cloud' }),
  SYNC_SCHEDULE: defaulted(schedule, '0 0 2 * * *', { meaning: 'when a snapshot starts: NCRONTAB, six fields, UTC' }),
  SYNC_CALLS_PER_MINUTE: defaulted(wholeNumber(1, 1_000_000, 'calls'), '50', { meaning: 'quota of `getmissingkbs` in any 60 seconds' }),
  SYNC_CALLS_PER_HOUR: defaulted(wholeNumber(1, 1_000_000, 'calls'), '1500', { meaning: 'quota of `getmissingkbs` in any 3,600 seconds' }),
  SYNC_CONCURRENCY: defaulted(wholeNumber(1, MOST_CONCURRENCY, 'calls'), '8', { meaning: 'calls in flight' }),
  // host.json ends an invocation after 10 minutes; the last calls and the commit of a slice come after its end.
  SYNC_SLICE_SECONDS: defaulted(wholeNumber(5, 540, 'seconds'), '45', { meaning: 'longest slice' }),
  SYNC_LEASE_SECONDS: defaulted(wholeNumber(2, 3600, 'seconds'), '90', {
    meaning: "how long a tenant's lease lasts unless renewed; a killed writer is succeeded after it",
  }),
  SOURCE: defaulted(wordSetting(SOURCE_KINDS), 'perMachine', {
    meaning:
      'how snapshots learn what machines miss: `perMachine` asks about each, `export` reads the vulnerability export, which the permission `Vulnerability.Read.All` allows',
  }),
  EXPORT_SAMPLE: defaulted(share, '0.034', {
    meaning: 'share of the machines that is asked each day to check the export; 0 to 1',
  }),
  MACHINE_FILTER: optional(filter, { meaning: 'OData `$filter` for the machine list' }),
  MACHINE_PLATFORMS: defaulted(commaSeparated('prefixes of osPlatform between commas, e.g. Windows,Linux'), 'Windows', {
    meaning: 'prefixes of osPlatform to ask, between commas; others are listed and `skipped`',
  }),
  STORAGE_CONNECTION_STRING: optional(connectionString, {
    meaning: 'Azurite or key; this or `STORAGE_TABLES_URL`',
    shownDefault: 'one is required',
    secret: true,
    sample: 'UseDevelopmentStorage=true',
  }),
  STORAGE_TABLES_URL: optional(tablesUrl, {
    meaning: "the storage account's table endpoint, with identity; this or `STORAGE_CONNECTION_STRING`",
    shownDefault: 'one is required',
  }),
  TABLE_PREFIX: optional(tablePrefix, { meaning: 'prefix of every table name: lower-case letters and digits' }),
  HEALTH_STALE_HOURS: optional(wholeNumber(1, 100_000, 'hours'), {
    meaning: 'hours without an ended snapshot after which health is `stale`',
    shownDefault: "twice the schedule's interval",
  }),
  HEALTH_LEAST_ASSESSED: defaulted(share, '0.5', {
    meaning: 'below this share of assessed machines the newest snapshot makes health `stale`; 0 to 1',
  }),
  CATALOGUE_POLICY: defaulted(policySetting, 'standard', {
    meaning: 'deadlines: the name of a preset, or rules of your own as JSON; see [docs/deadlines.md](docs/deadlines.md)',
  }),
  PAGE_SIGN_IN: defaulted(wordSetting(SIGN_INS), 'key', {
    meaning: 'how people get into the page: `key` asks for a function key, `entra` for a sign-in at the platform, `off` serves no page',
  }),
  CATALOGUE: defaulted(wordSetting(SWITCHES), 'on', {
    meaning: 'whether public sources are asked what is known of KBs: `off` asks none',
  }),
  CATALOGUE_MSRC_URL: defaulted(sourceUrl, 'https://api.msrc.microsoft.com/cvrf/v3.0', {
    meaning: "Microsoft's documents on its updates, or a mirror that has `updates` and `cvrf/2026-Apr` below it; `http:` only for loopback",
  }),
  CATALOGUE_KEV_URL: defaulted(sourceUrl, 'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json', {
    meaning: "CISA's catalogue of known exploited vulnerabilities, or a copy of it; `http:` only for loopback",
  }),
})

export type SettingName = keyof typeof settings.shape
export type SettingValues = z.output<typeof settings>
export const settingNames = Object.keys(settings.shape) as SettingName[]
