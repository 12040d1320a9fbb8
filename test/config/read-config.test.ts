import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  hasCatalogue,
  pageSignIn,
  readConfig,
  healthRules,
  settingNames,
  type Config,
  type ConfigProblem,
  type Environment,
} from '../../src/config/index.ts'

const TENANT = '8a0b1f3e-5c4d-4e2f-9a6b-7c8d9e0f1a2b'
const HOUR = 3_600_000
const minimal = { DEFENDER_TENANT_ID: TENANT, STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true' }

function config(changes: Environment = {}): Config {
  const result = readConfig({ ...minimal, ...changes })
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.config
}

function problems(changes: Environment): ConfigProblem[] {
  const result = readConfig({ ...minimal, ...changes })
  return result.ok ? [] : result.problems
}

describe('readConfig', () => {
  it('needs only a tenant and a storage, and has the documented defaults', () => {
    const { tenancy, defender, sync, machines, source, storage, health, warnings } = config()
    expect(tenancy).toEqual({ kind: 'one', tenantId: TENANT })
    expect(defender).toEqual({
      cloud: 'commercial',
      apiUrl: 'https://api.security.microsoft.com',
      scope: 'https://api.securitycenter.microsoft.com/.default',
      authorityUrl: 'https://login.microsoftonline.com',
    })
    expect(sync).toMatchObject({ callsPerMinute: 50, callsPerHour: 1500, concurrency: 8, sliceSeconds: 45, leaseSeconds: 90 })
    expect(sync.schedule.text).toBe('0 0 2 * * *')
    expect(machines).toEqual({ platforms: ['Windows'] })
    expect(source).toEqual({ kind: 'perMachine', sample: 0.034 })
    expect(storage).toEqual({ kind: 'connectionString', connectionString: 'UseDevelopmentStorage=true', tablePrefix: '' })
    expect(health).toEqual({ leastAssessed: 0.5 })
    expect(warnings).toEqual([])
  })

  it('takes the source in any letter case, and a share for its check', () => {
    expect(config({ SOURCE: 'Export', EXPORT_SAMPLE: '0' }).source).toEqual({ kind: 'export', sample: 0 })
    expect(config({ SOURCE: 'permachine' }).source.kind).toBe('perMachine')
    expect(problems({ SOURCE: 'hunting', EXPORT_SAMPLE: '3.4' })).toEqual([
      { name: 'SOURCE', expected: 'one of perMachine, export', received: 'hunting' },
      { name: 'EXPORT_SAMPLE', expected: 'a share from 0 to 1, e.g. 0.5', received: '3.4' },
    ])
  })

  it('takes a blank setting as unset', () => {
    const blanks = Object.fromEntries(settingNames.filter((name) => !(name in minimal)).map((name) => [name, '  ']))
    expect(config(blanks)).toEqual(config())
  })

  it('reports every problem at once, by name', () => {
    const result = readConfig({ SYNC_SLICE_SECONDS: '541', SYNC_CONCURRENCY: 'many', SYNC_SCHEDULE: '* *', TABLE_PREFIX: 'A' })
    expect(result.ok ? [] : result.problems.map(({ name }) => name).sort()).toEqual([
      'DEFENDER_TENANT_ID',
      'STORAGE_CONNECTION_STRING',
      'SYNC_CONCURRENCY',
      'SYNC_SCHEDULE',
      'SYNC_SLICE_SECONDS',
      'TABLE_PREFIX',
    ])
  })

  it('says what it expected and what it received', () => {
    expect(problems({ SYNC_SLICE_SECONDS: '541' })).toEqual([
      { name: 'SYNC_SLICE_SECONDS', expected: 'a whole number of seconds from 5 to 540', received: '541' },
    ])
    expect(problems({ SYNC_SCHEDULE: '01:00:00' })[0]?.expected).toContain('time span')
    expect(problems({ DEFENDER_TENANT_ID: '' })).toEqual([
      { name: 'DEFENDER_TENANT_ID', expected: 'a GUID, e.g. 8a0b1f3e-5c4d-4e2f-9a6b-7c8d9e0f1a2b; it is required' },
    ])
  })

  it.each([
    ['DEFENDER_TENANT_ID', ['contoso.onmicrosoft.com', '8a0b1f3e5c4d4e2f9a6b7c8d9e0f1a2b']],
    ['DEFENDER_CLOUD', ['azure']],
    ['DEFENDER_REGION', ['de']],
    [
      'DEFENDER_API_URL',
      [
        'http://api.security.microsoft.com',
        'https://api.security.microsoft.com/api',
        'https://api.security.microsoft.com/?',
        'ftp://x',
        'x',
        'https://user:pass@api.security.microsoft.com',
        'http://127.0.0.1.example.com',
        'https://api.security.microsoft.com/#',
      ],
    ],
    ['DEFENDER_SCOPE', ['https://api.securitycenter.microsoft.com', 'a/.default b/.default']],
    ['SYNC_CALLS_PER_MINUTE', ['0', '-1', '1.5', '1e3', '0x10', '1000001']],
    ['SYNC_LEASE_SECONDS', ['1', '3601']],
    ['MACHINE_FILTER', ["$filter=healthStatus eq 'Active'", 'x'.repeat(2001)]],
    ['MACHINE_PLATFORMS', [',', 'Windows,,Linux']],
    ['TABLE_PREFIX', ['Prod', '1prod', 'pa-tch', 'p'.repeat(51)]],
    ['HEALTH_STALE_HOURS', ['0', 'never']],
    ['CATALOGUE', ['yes', 'true', '0']],
    [
      'CATALOGUE_MSRC_URL',
      ['http://api.msrc.microsoft.com/cvrf/v3.0', 'api.msrc.microsoft.com', 'https://a:b@mirror.example/x', 'https://mirror.example/x?y'],
    ],
    ['CATALOGUE_KEV_URL', ['http://www.cisa.gov/kev.json', 'file:///kev.json']],
  ])('refuses a wrong %s', (name, texts) => {
    for (const text of texts)
      expect(
        problems({ [name]: text }).map((found) => found.name),
        text,
      ).toEqual([name])
  })

  it('lower-cases the tenant, takes the origin of the API and the items of a list', () => {
    const { tenancy, defender, machines, storage } = config({
      DEFENDER_TENANT_ID: TENANT.toUpperCase(),
      DEFENDER_API_URL: 'http://127.0.0.1:7001/',
      MACHINE_PLATFORMS: 'Windows, Linux',
      MACHINE_FILTER: "startswith(computerDnsName,'srv')",
      TABLE_PREFIX: 'p'.repeat(50),
    })
    expect(tenancy).toEqual({ kind: 'one', tenantId: TENANT })
    expect(defender.apiUrl).toBe('http://127.0.0.1:7001')
    expect(machines).toEqual({ platforms: ['Windows', 'Linux'], filter: "startswith(computerDnsName,'srv')" })
    expect(storage.tablePrefix).toHaveLength(50)
  })

  it('finds the hosts, scope and authority of each cloud', () => {
    expect(config({ DEFENDER_REGION: 'EU' }).defender.apiUrl).toBe('https://eu.api.security.microsoft.com')
    expect(config({ DEFENDER_CLOUD: 'gcc' }).defender).toMatchObject({
      apiUrl: 'https://api-gcc.securitycenter.microsoft.us',
      authorityUrl: 'https://login.microsoftonline.com',
    })
    expect(config({ DEFENDER_CLOUD: 'GCCHigh' }).defender).toMatchObject({
      apiUrl: 'https://api-gov.securitycenter.microsoft.us',
      scope: 'https://securitycenter.onmicrosoft.us/windowsatpservice/.default',
      authorityUrl: 'https://login.microsoftonline.us',
    })
    expect(config({ DEFENDER_SCOPE: 'api://other/.default' }).defender.scope).toBe('api://other/.default')
  })

  it('has regions in the commercial cloud only', () => {
    expect(problems({ DEFENDER_CLOUD: 'dod', DEFENDER_REGION: 'us' }).map(({ name }) => name)).toEqual(['DEFENDER_REGION'])
  })

  it('wants exactly one storage', () => {
    const tablesUrl = 'https://account.table.core.windows.net/'
    const identity = { STORAGE_CONNECTION_STRING: '', STORAGE_TABLES_URL: tablesUrl }
    expect(config(identity).storage).toEqual({ kind: 'identity', tablesUrl: 'https://account.table.core.windows.net', tablePrefix: '' })
    expect(problems({ STORAGE_TABLES_URL: tablesUrl })[0]?.expected).toContain('both are set')
    expect(problems({ STORAGE_CONNECTION_STRING: '' })[0]?.expected).toContain('neither is set')
    expect(problems({ ...identity, STORAGE_TABLES_URL: 'http://account.table.core.windows.net' })).toHaveLength(1)
  })

  it.each([
    'UseDevelopmentStorage=true',
    'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net',
    'AccountKey=c2VjcmV0==;AccountName=a',
    'TableEndpoint=https://a.table.core.windows.net/;SharedAccessSignature=sv=1&sig=2',
  ])('takes the connection string %s', (text) => {
    expect(config({ STORAGE_CONNECTION_STRING: text }).storage).toMatchObject({ connectionString: text })
  })

  it('echoes no secret, whichever setting it was put into', () => {
    const secrets = [
      'AccountKey=hunter2',
      'https://u:hunter2@host',
      'https://a.table.core.windows.net/?sv=1&sig=hunter2',
      'client_secret:hunter2',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...settingNames), fc.constantFrom(...secrets), (name, secret) => {
        expect(JSON.stringify(problems({ [name]: secret }))).not.toContain('hunter2')
      }),
    )
    expect(JSON.stringify(problems({ STORAGE_CONNECTION_STRING: 'hunter2' }))).not.toContain('hunter2')
  })

  it('warns of names that look like typing errors, and of a region without effect', () => {
    const { warnings } = config({
      SYNC_SCHEDUL: '0 0 3 * * *',
      sync_schedule: 'x',
      PATH: '/bin',
      AZURE_CLIENT_ID: 'x',
      DEFENDER_REGION: 'eu',
      DEFENDER_API_URL: 'https://proxy.example',
    })
    expect(warnings.map(({ name }) => name)).toEqual(['DEFENDER_REGION', 'SYNC_SCHEDUL', 'sync_schedule'])
    expect(warnings[1]?.detail).toContain('SYNC_SCHEDULE')
  })

  it('warns of a sign-in that lets nobody in, and of no tenant that is there for it', () => {
    const many = { DEFENDER_CLIENT_ID: TENANT, DEFENDER_TENANT_ID: undefined }
    const names = (given: Record<string, string | undefined>) => config({ ...many, ...given }).warnings.map(({ name }) => name)
    expect(names({ PAGE_SIGN_IN: 'Entra' })).toEqual(['PAGE_SIGN_IN'])
    expect(names({ PAGE_SIGN_IN: 'Entra', DEFENDER_TENANT_ID: TENANT })).toEqual([])
    expect(names({ PAGE_SIGN_IN: 'key', DEFENDER_TENANT_ID: TENANT })).toEqual(['DEFENDER_TENANT_ID'])
    expect(names({})).toEqual([])
  })

  it('reads public facts about KBs, unless it is said otherwise, from their publishers or from a mirror', () => {
    expect(config().catalogue).toEqual({
      isOn: true,
      msrcUrl: 'https://api.msrc.microsoft.com/cvrf/v3.0',
      kevUrl: 'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json',
    })
    const mirror = { CATALOGUE_MSRC_URL: 'https://mirror.example/msrc/', CATALOGUE_KEV_URL: 'http://127.0.0.1:7070/kev' }
    expect(config(mirror).catalogue).toEqual({ isOn: true, msrcUrl: 'https://mirror.example/msrc', kevUrl: 'http://127.0.0.1:7070/kev' })
    expect([config({ CATALOGUE: ' OFF ' }).catalogue.isOn, hasCatalogue({ CATALOGUE: 'Off' })]).toEqual([false, false])
    expect([undefined, '', 'on', 'nonsense'].map((word) => hasCatalogue({ CATALOGUE: word }))).toEqual([true, true, true, true])
    expect(config({ PATH: '/bin', CATALOGUE_URL: 'x' }).warnings.map(({ name }) => name)).toEqual(['CATALOGUE_URL'])
  })

  it('says how people get into the page before anything is checked: by a key, unless it is said otherwise', () => {
    expect([undefined, '', ' ENTRA ', 'Off', 'key', 'no'].map((word) => pageSignIn({ PAGE_SIGN_IN: word }))).toEqual([
      'key',
      'key',
      'entra',
      'off',
      'key',
      'key',
    ])
  })

  it('never throws, and never gives a configuration with a problem', () => {
    const environment = fc.dictionary(fc.constantFrom<string>(...settingNames), fc.oneof(fc.string(), fc.constantFrom('50', 'us', TENANT)))
    fc.assert(
      fc.property(environment, (given) => {
        const result = readConfig(given)
        expect(result.ok || result.problems.length > 0).toBe(true)
      }),
    )
  })
})

describe('healthRules', () => {
  it('is twice the interval of the schedule, or what is configured', () => {
    expect(healthRules(config(), Date.parse('2026-01-01T00:00:00Z'))).toEqual({ staleAfterMs: 48 * HOUR, leastAssessed: 0.5 })
    expect(healthRules(config({ HEALTH_STALE_HOURS: '5', HEALTH_LEAST_ASSESSED: '0.25' }), 0)).toEqual({
      staleAfterMs: 5 * HOUR,
      leastAssessed: 0.25,
    })
  })
})
