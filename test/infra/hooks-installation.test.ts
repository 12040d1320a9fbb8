import { describe, expect, test } from 'vitest'
import { changesOf } from '../../infra/hooks/changes.mjs'
import { preprovision } from '../../infra/hooks/preprovision.mjs'
import { noRightInAzure, noSuchGroup, OUTPUTS, REGISTRATION, signedIn, SUBSCRIPTION, TENANT } from './azure-answers.ts'
import { fakeWorld, type Rule, says, unreadable } from './fake-az.ts'

const SITE = 'patchtrail-abc123'
const OWN_TABLES = 'https://patchtrailabc123.table.core.windows.net/'
const ONE = { DEFENDER_TENANT_ID: TENANT, DEFENDER_CLOUD: 'commercial', STORAGE_TABLES_URL: OWN_TABLES }
const MANY = { DEFENDER_CLIENT_ID: REGISTRATION, DEFENDER_CLOUD: 'commercial', STORAGE_TABLES_URL: OWN_TABLES }
const ACCOUNT = { subscriptionId: SUBSCRIPTION, tenantId: TENANT, cloud: 'AzureCloud', person: 'ada' }

const site = (environment: string, name = SITE) => ({ name, tags: { 'azd-env-name': environment, 'azd-service-name': 'patchtrail' } })
const sites = (...found: object[]): Rule => ['resource list', says(found)]
const settings = (values: Record<string, string>): Rule => [
  ['appsettings list', SITE],
  says(Object.entries(values).map(([name, value]) => ({ name, value }))),
]

async function run(rules: Rule[], env: Record<string, string> = {}) {
  const { world, tools, said } = fakeWorld([signedIn, ...rules, ['', noRightInAzure]], { ...OUTPUTS, ...env })
  return { code: await preprovision(world), said: said(), tools }
}

describe('what would change', () => {
  const changes = (now: Record<string, string>, env: Record<string, string>, account = ACCOUNT) =>
    changesOf(now, SITE, env, account).map(({ name, now, later }) => [name, now, later])

  test('nothing where the environment says the same, or what the template makes of nothing', () => {
    expect(changes(ONE, {})).toEqual([])
    expect(
      changes({ ...ONE, DEFENDER_TENANT_ID: TENANT.toUpperCase() }, { DEFENDER_TENANT_ID: TENANT, DEFENDER_CLOUD: 'commercial' }),
    ).toEqual([])
    expect(changes(MANY, { DEFENDER_CLIENT_ID: REGISTRATION, DEFENDER_TENANT_ID: 'not used then' })).toEqual([])
    expect(changes({ ...ONE, DEFENDER_CLOUD: 'gcchigh' }, {}, { ...ACCOUNT, cloud: 'AzureUSGovernment' })).toEqual([])
    expect(changes({ ...ONE, TABLE_PREFIX: 'x' }, { TABLE_PREFIX: 'x', PATCHTRAIL_HISTORY_ACCOUNT: 'patchtrailabc123' })).toEqual([])
  })

  test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['many tenants become one', MANY, {}, ['DEFENDER_CLIENT_ID', REGISTRATION, '']],
    ['one tenant becomes many', ONE, { DEFENDER_CLIENT_ID: REGISTRATION }, ['DEFENDER_CLIENT_ID', '', REGISTRATION]],
    ['another tenant', { ...ONE, DEFENDER_TENANT_ID: 'other' }, {}, ['DEFENDER_TENANT_ID', 'other', TENANT]],
    ['another cloud', { ...ONE, DEFENDER_CLOUD: 'gcc' }, {}, ['DEFENDER_CLOUD', 'gcc', 'commercial']],
    ['other tables', { ...ONE, TABLE_PREFIX: 'two' }, {}, ['TABLE_PREFIX', 'two', '']],
    ['another filter', ONE, { MACHINE_FILTER: 'x eq 1' }, ['MACHINE_FILTER', '', 'x eq 1']],
    ['other platforms', { ...ONE, MACHINE_PLATFORMS: 'A' }, { MACHINE_PLATFORMS: 'B' }, ['MACHINE_PLATFORMS', 'A', 'B']],
    [
      'a history account that is forgotten',
      { ...ONE, STORAGE_TABLES_URL: 'https://sthistory.z12.table.storage.azure.net' },
      {},
      ['PATCHTRAIL_HISTORY_ACCOUNT', 'sthistory', ''],
    ],
    ['a history account that is new', ONE, { PATCHTRAIL_HISTORY_ACCOUNT: 'stnew' }, ['PATCHTRAIL_HISTORY_ACCOUNT', '', 'stnew']],
  ])('%s', (_, now, env, change) => expect(changes(now, env)).toEqual([change]))
})

test('from a machine that does not know what it was it stops, and says how to keep it', async () => {
  const { code, said, tools } = await run([
    sites(site('patchtrail')),
    settings({ ...MANY, MACHINE_FILTER: "healthStatus eq 'Active'", STORAGE_TABLES_URL: 'https://sthistory.table.core.windows.net/' }),
  ])
  expect(code).toBe(1)
  expect(said).toContain(`STOP  ${SITE} would become another installation:`)
  expect(said).toContain(`DEFENDER_CLIENT_ID: now ${REGISTRATION}, would become empty`)
  expect(said).toContain(`azd env set DEFENDER_CLIENT_ID ${REGISTRATION}`)
  expect(said).toContain(`azd env set MACHINE_FILTER "healthStatus eq 'Active'"`)
  expect(said).toContain('PATCHTRAIL_HISTORY_ACCOUNT: now sthistory, would become empty')
  expect(said).toContain('azd env set PATCHTRAIL_HISTORY_ACCOUNT_GROUP <its resource group')
  expect(said).toContain('To change it: azd env set PATCHTRAIL_CONFIRM_CHANGES true')
  expect(tools.callsWith('appsettings list', `--subscription ${SUBSCRIPTION} --resource-group rg --name ${SITE}`)).toHaveLength(1)
})

test('what is confirmed goes on, and is to be confirmed anew the next time', async () => {
  const env = { PATCHTRAIL_CONFIRM_CHANGES: 'true' }
  const { code, said } = await run([sites(site('patchtrail')), settings({ ...ONE, TABLE_PREFIX: 'two' })], env)
  expect(code).toBe(0)
  expect(said).toContain('TABLE_PREFIX: now two, would become empty')
  expect(said).toContain('Afterwards: azd env set PATCHTRAIL_CONFIRM_CHANGES false')
  expect((await run([sites(site('patchtrail')), settings(ONE)], env)).said).toContain('Afterwards: azd env set')
})

test.each<[string, Rule[], string]>([
  ['the same', [sites(site('patchtrail')), settings(ONE)], `Installation: ${SITE} stays what it is.`],
  ['no group', [['resource list', noSuchGroup]], 'The resource group rg is not there yet, nor an installation in it.'],
  ['no site', [sites({ name: 'other', tags: { 'azd-env-name': 'patchtrail' } })], 'has no installation of the environment patchtrail yet.'],
  ["another environment's", [sites(site('prod'))], `yet. A new one is made beside: ${SITE} of prod.`],
  ['no right to look', [sites(site('patchtrail')), ['appsettings list', noRightInAzure]], 'Not checked: whether this would change'],
  ['settings without values', [sites(site('patchtrail')), settings({ DEFENDER_CLOUD: '' })], `${SITE} does not tell its settings.`],
  ...unreadable.map(([what, answer]): [string, Rule[], string] => [
    what,
    [sites(site('patchtrail')), ['appsettings list', answer]],
    'Not checked: whether this would change',
  ]),
])('%s: it goes on', async (_, rules, sentence) => {
  const { code, said } = await run(rules)
  expect(said).toContain(sentence)
  expect(code).toBe(0)
})
