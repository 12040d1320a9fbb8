import { expect, test } from 'vitest'
import { missingRoles } from '../../infra/hooks/rights.mjs'
import { preprovision } from '../../infra/hooks/preprovision.mjs'
import { account, noRightInAzure, noSuchGroup, signedIn, SUBSCRIPTION, TENANT } from './azure-answers.ts'
import { fails, fakeWorld, type Rule, says } from './fake-az.ts'

const ENV = { AZURE_SUBSCRIPTION_ID: SUBSCRIPTION, AZURE_RESOURCE_GROUP: 'rg', AZURE_LOCATION: 'West Europe', AZURE_ENV_NAME: 'dev' }
const OWNER = { actions: ['*'], notActions: [] }
const CONTRIBUTOR = { actions: ['*'], notActions: ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write'] }
const RBAC_ADMIN = { actions: ['Microsoft.Authorization/roleAssignments/write', '*/read'], notActions: [] }

const inGroup: [string, string] = ['resourceGroups/rg/', 'Authorization/permissions']
const mayAll: Rule = [inGroup, says({ value: [OWNER] })]
const regions: Rule = ['list-flexconsumption-locations', says(['westeurope', 'northeurope'])]
const skus: Rule = ['storage sku list', says([{ locations: ['westeurope'], restrictions: [] }])]
const noSite: Rule = ['resource list', says([])]
const NAMESPACES = ['Web', 'Storage', 'ManagedIdentity', 'Insights', 'OperationalInsights', 'Network', 'App']
const registered = (...without: string[]): Rule => [
  'provider list',
  says(
    NAMESPACES.map((name) => ({
      namespace: `microsoft.${name.toLowerCase()}`,
      state: without.includes(name) ? 'NotRegistered' : 'Registered',
    })),
  ),
]

async function run(rules: Rule[], env: Record<string, string> = ENV) {
  const { world, tools, said } = fakeWorld(rules, env)
  return { code: await preprovision(world), said: said(), tools }
}

test('all is well: it goes on', async () => {
  const { code, said, tools } = await run([signedIn, mayAll, regions, skus, noSite, registered()])
  expect(code).toBe(0)
  expect(said).toContain('ada@contoso.com may make the resources and assign roles')
  expect(said).not.toContain('STOP')
  expect(tools.callsWith('--zone-redundant')).toEqual([])
})

test('az is not there', async () => {
  const { code, said } = await run([], { ...ENV, PATH: '/nowhere' })
  expect(code).toBe(1)
  expect(said).toContain('The Azure CLI (az) is not there. Install it')
})

test('nobody is signed in', async () => {
  const { code, said } = await run([['account show', fails("Please run 'az login' to setup account.")]], {
    ...ENV,
    AZURE_TENANT_ID: TENANT,
  })
  expect(code).toBe(1)
  expect(said).toContain(`Sign in: az login --tenant ${TENANT}`)
})

test("azd's subscription is not among those of the person", async () => {
  const rules: Rule[] = [
    [['account show', '--subscription'], fails(`The subscription of '${SUBSCRIPTION}' doesn't exist in cloud 'AzureCloud'.`)],
    ['account show', says(account({ id: 'other', tenantId: 'home' }))],
  ]
  const { code, said } = await run(rules)
  expect(code).toBe(1)
  expect(said).toContain(`azd uses the subscription ${SUBSCRIPTION}, which az does not see as ada@contoso.com in the tenant home`)
})

test.each([
  ["azd's tenant is another", { AZURE_TENANT_ID: TENANT }, account({ tenantId: 'other' }), `az login --tenant ${TENANT}`],
  ['the cloud is another', { DEFENDER_CLOUD: 'gcchigh' }, account(), 'az cloud set --name AzureUSGovernment'],
])('%s', async (_, env, is, sentence) => {
  const { code, said } = await run([['account show', says(is)]], { ...ENV, ...env })
  expect(code).toBe(1)
  expect(said).toContain(sentence)
})

test("az's current subscription is in another tenant, which Graph would be asked in", async () => {
  const rules: Rule[] = [
    [['account show', '--subscription'], says(account())],
    ['account show', says(account({ id: 'other', tenantId: 'home' }))],
  ]
  const { code, said } = await run(rules)
  expect(code).toBe(1)
  expect(said).toContain(`az account set --subscription ${SUBSCRIPTION}`)
})

test('a Contributor may not assign roles: it stops, and names the role to ask for', async () => {
  const { code, said } = await run([signedIn, [inGroup, says({ value: [CONTRIBUTOR] })], regions, skus, noSite, registered()])
  expect(code).toBe(1)
  expect(said).toContain('Missing: the role Role Based Access Control Administrator there (Owner is both). Ask for it')
  expect(said).toContain('Nothing was made in dev.')
})

test('where the group is not there yet, the rights in the subscription count', async () => {
  const rules: Rule[] = [
    signedIn,
    [inGroup, noSuchGroup],
    ['Authorization/permissions', says({ value: [RBAC_ADMIN] })],
    regions,
    skus,
    noSite,
    registered(),
  ]
  const { code, said } = await run(rules)
  expect(code).toBe(1)
  expect(said).toContain(
    `in the subscription ${SUBSCRIPTION}, as the resource group rg is not there yet. Missing: the role Contributor there`,
  )
})

test('a sign-in that has run out shows at the first question', async () => {
  const expired = fails(
    'AADSTS700082: The refresh token has expired. Run the command below to authenticate interactively: az login --scope x',
  )
  const { code, said } = await run([signedIn, [inGroup, expired], regions, skus, noSite, registered()])
  expect(code).toBe(1)
  expect(said).toContain(`STOP  The sign-in of ada@contoso.com to az has run out. Sign in: az login --tenant ${TENANT}`)
})

test('what cannot be found out stops nobody', async () => {
  const { code, said } = await run([
    signedIn,
    [inGroup, noRightInAzure],
    ['list-flexconsumption-locations', fails('unrecognized arguments: --zone-redundant=true')],
    ['resource list', noRightInAzure],
    ['storage sku list', noRightInAzure],
    ['provider list', noRightInAzure],
  ])
  expect(code).toBe(0)
  expect(said.match(/Not checked/g)).toHaveLength(5)
})

const onAccount: [string, string] = ['resourceGroups/data/', 'storageAccounts/sthistory/providers/Microsoft.Authorization/permissions']
test.each([
  ['is not there', fails('Not Found({"error":{"code":"ResourceNotFound"}})'), 1, 'There is no such account: the storage account sthistory'],
  ['may not be granted', says({ value: [CONTRIBUTOR] }), 1, 'ada@contoso.com may not give roles on the storage account sthistory'],
  ['may be granted', says({ value: [CONTRIBUTOR, RBAC_ADMIN] }), 0, 'Rights: ada@contoso.com may make the resources'],
  ['may not be looked at', noRightInAzure, 0, 'Not checked: what ada@contoso.com may do in the storage account sthistory'],
])('an account for the history that %s', async (_, answer, code, sentence) => {
  const env = { ...ENV, PATCHTRAIL_HISTORY_ACCOUNT: 'sthistory', PATCHTRAIL_HISTORY_ACCOUNT_GROUP: 'data' }
  const ended = await run([signedIn, mayAll, [onAccount, answer], regions, skus, noSite, registered()], env)
  expect(ended.code).toBe(code)
  expect(ended.said).toContain(sentence)
})

test('where no cloud is set, it is the one that is deployed in', async () => {
  const government: Rule = ['account show', says(account({ environmentName: 'AzureUSGovernment' }))]
  expect((await run([government, mayAll, regions, skus, noSite, registered()])).code).toBe(0)
})

test('before azd has asked for anything, it says how to have it checked', async () => {
  const { code, said } = await run([signedIn], {})
  expect(code).toBe(0)
  expect(said).toContain('azd env set AZURE_RESOURCE_GROUP <name>')
  expect(said).toContain('azd env set AZURE_LOCATION <region>')
})

test('a region without Flex Consumption, or without zones where they are wanted', async () => {
  const elsewhere = { ...ENV, AZURE_LOCATION: 'westindia', PATCHTRAIL_ZONE_REDUNDANT: 'true' }
  const { code, said, tools } = await run([signedIn, mayAll, regions, skus, noSite, registered()], elsewhere)
  expect(code).toBe(1)
  expect(said).toContain('westindia has no Flex Consumption with zone redundancy. Take a region that has it')
  expect(tools.callsWith('list-flexconsumption-locations', '--zone-redundant=true')).toHaveLength(1)
})

test('a private network needs a provider that nothing registers by itself', async () => {
  const isPrivate = { ...ENV, PATCHTRAIL_PRIVATE_NETWORK: 'true' }
  const { code, said } = await run([signedIn, mayAll, regions, skus, noSite, registered('App', 'Web')], isPrivate)
  expect(code).toBe(1)
  expect(said).toContain(
    `STOP  A private network needs the resource provider Microsoft.App, which is not registered. Run: az provider register`,
  )
  expect(said).toContain('Not registered yet: Microsoft.Web. The deployment tries to do it')
  expect((await run([signedIn, mayAll, regions, skus, noSite, registered('App', 'Web')])).code).toBe(0)
})

test.each([
  ['Owner', [OWNER], []],
  ['Contributor', [CONTRIBUTOR], ['Role Based Access Control Administrator']],
  ['Role Based Access Control Administrator', [RBAC_ADMIN], ['Contributor']],
  ['both, since what one leaves out the other allows', [CONTRIBUTOR, RBAC_ADMIN], []],
  ['none', [], ['Contributor', 'Role Based Access Control Administrator']],
  [
    'what only looks alike',
    [{ actions: ['Microsoft.WebX/*', 'Microsoft+/*', '.*/write'], notActions: [] }],
    ['Contributor', 'Role Based Access Control Administrator'],
  ],
])('%s', (_, permissions, missing) => expect(missingRoles(permissions, true)).toEqual(missing))
