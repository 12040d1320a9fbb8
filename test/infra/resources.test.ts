import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { NOT_IN_AZURE, SET_BY_TEMPLATE } from '../../dev/infra/settings-of-template.ts'
import { readConfig, settingNames } from '../../src/config/index.ts'

const folder = new URL('../../infra/snapshots/', import.meta.url)
const SETS = readdirSync(folder)
  .filter((name) => name.endsWith('.bicepparam'))
  .map((name) => name.replace('.bicepparam', ''))

interface Resource {
  id: string
  type: string
  name: string
  sku?: { name: string }
  tags?: Record<string, string>
  properties?: Record<string, unknown>
}
const resourcesOf = (set: string) =>
  (JSON.parse(readFileSync(new URL(`${set}.snapshot.json`, folder), 'utf8')) as { predictedResources: Resource[] }).predictedResources
const ofType = (set: string, type: string) => resourcesOf(set).filter((resource) => resource.type === type)

interface Site {
  httpsOnly: boolean
  virtualNetworkSubnetId?: string
  siteConfig: { minTlsVersion: string; scmMinTlsVersion: string; ftpsState: string; appSettings: { name: string; value: string }[] }
  functionAppConfig: {
    runtime: { version: string }
    scaleAndConcurrency: { instanceMemoryMB: number; alwaysReady: { name: string; instanceCount: number }[] }
  }
}
const siteOf = (set: string) => ofType(set, 'Microsoft.Web/sites')[0]?.properties as unknown as Site
const appSettingsOf = (set: string) => Object.fromEntries(siteOf(set).siteConfig.appSettings.map(({ name, value }) => [name, value]))

/** What the host, the identity's library and telemetry read. */
const OF_THE_HOST = [
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'AZURE_CLIENT_ID',
  'AzureFunctionsJobHost__logging__applicationInsights__samplingSettings__excludedTypes',
  'AzureWebJobsStorage__blobServiceUri',
  'AzureWebJobsStorage__clientId',
  'AzureWebJobsStorage__credential',
  'AzureWebJobsStorage__queueServiceUri',
  'AzureWebJobsStorage__tableServiceUri',
]

describe.each(SETS)('the resources of %s', (set) => {
  it('keep the storage closed to keys, old TLS and anonymous readers', () => {
    for (const { properties } of ofType(set, 'Microsoft.Storage/storageAccounts'))
      expect(properties).toMatchObject({
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        minimumTlsVersion: 'TLS1_2',
        supportsHttpsTrafficOnly: true,
      })
    const containers = ofType(set, 'Microsoft.Storage/storageAccounts/blobServices/containers')
    expect(containers.map(({ properties }) => properties)).toEqual([{ publicAccess: 'None' }])
  })

  it('take no telemetry and no deployment by a key or password', () => {
    expect(ofType(set, 'Microsoft.Insights/components')[0]?.properties).toMatchObject({ DisableLocalAuth: true })
    expect(ofType(set, 'Microsoft.OperationalInsights/workspaces')[0]?.properties).toMatchObject({ features: { disableLocalAuth: true } })
    const policies = ofType(set, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies')
    expect(policies.map(({ name, properties }) => [name.split('/')[1], properties])).toEqual([
      ['ftp', { allow: false }],
      ['scm', { allow: false }],
    ])
  })

  it('serve over new TLS only, on a Node that is supported', () => {
    const { httpsOnly, siteConfig, functionAppConfig } = siteOf(set)
    expect({ httpsOnly, ...siteConfig }).toMatchObject({
      httpsOnly: true,
      minTlsVersion: '1.2',
      scmMinTlsVersion: '1.2',
      ftpsState: 'Disabled',
    })
    expect(functionAppConfig.runtime.version).toBe('24')
  })

  it('set what the program needs, nothing that it does not know, and no connection string', () => {
    const names = Object.keys(appSettingsOf(set)).filter((name) => !OF_THE_HOST.includes(name))
    expect(names.filter((name) => !(settingNames as string[]).includes(name))).toEqual([])
    expect(Object.keys(appSettingsOf(set))).toEqual(expect.arrayContaining(OF_THE_HOST))
    expect(names.filter((name) => (NOT_IN_AZURE as readonly string[]).includes(name))).toEqual([])
    const tenancy = set === 'many-tenants' ? 'DEFENDER_TENANT_ID' : 'DEFENDER_CLIENT_ID'
    expect(names).toEqual(expect.arrayContaining(SET_BY_TEMPLATE.filter((name) => name !== tenancy)))
    expect(names).not.toContain(tenancy)
  })

  it('make a configuration that the program starts with, without a warning', () => {
    const known = { DEFENDER_CLOUD: 'commercial', STORAGE_TABLES_URL: 'https://account.table.core.windows.net/' }
    const values = Object.entries(appSettingsOf(set)).map(([name, value]) => [
      name,
      value.startsWith('[') && name in known ? known[name as keyof typeof known] : value,
    ])
    expect(readConfig(Object.fromEntries(values) as Record<string, string>)).toMatchObject({ ok: true, config: { warnings: [] } })
  })

  it('can be found by azd, and have names that do not depend on the day', () => {
    expect(ofType(set, 'Microsoft.Web/sites')[0]?.tags).toMatchObject({ 'azd-service-name': 'patchtrail' })
    for (const { name } of ofType(set, 'Microsoft.Storage/storageAccounts')) expect(name).toMatch(/^[a-z0-9]{3,24}$/)
  })

  it('call the action group from every alert', () => {
    const [group] = ofType(set, 'Microsoft.Insights/actionGroups')
    const alerts = [...ofType(set, 'Microsoft.Insights/scheduledQueryRules'), ...ofType(set, 'Microsoft.Insights/metricAlerts')]
    expect(alerts.length).toBeGreaterThanOrEqual(4)
    for (const { properties } of alerts) expect(JSON.stringify(properties?.['actions'])).toContain(group?.id)
  })
})

interface WorkbookItem {
  type: number
  content: { title?: string; query?: string; timeContextFromParameter?: string; parameters?: { name: string }[] }
}

describe('the resources', () => {
  const rolesOf = (set: string) =>
    ofType(set, 'Microsoft.Authorization/roleAssignments')
      .map(({ properties }) => String(properties?.['roleDefinitionId']).split('/').at(-1))
      .sort()
  const [metrics, tables, queues, blobs] = [
    '3913510d-42f4-4e42-8a64-420c390055eb',
    '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
    '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
    'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  ]

  it('give the identity the roles that it needs, and no other', () => {
    expect(rolesOf('default')).toEqual([tables, metrics, blobs])
    expect(rolesOf('many-tenants')).toEqual([tables, metrics, queues, blobs])
  })

  it('give it a role on the history, and not on the tables of its own account, where another keeps it', () => {
    const assignment = ofType('private-network', 'Microsoft.Authorization/roleAssignments').find(({ properties }) =>
      String(properties?.['roleDefinitionId']).endsWith(String(tables)),
    )
    expect(assignment?.id).toContain('resourceGroups/history/providers/Microsoft.Storage/storageAccounts/historyofall')
    expect(appSettingsOf('private-network')['STORAGE_TABLES_URL']).toContain('historyofall')
  })

  it('have queues for many tenants only, which both functions listen to', () => {
    const queuesOf = (set: string) =>
      ofType(set, 'Microsoft.Storage/storageAccounts/queueServices/queues').map(({ name }) => name.split('/')[2])
    expect(queuesOf('default')).toEqual([])
    expect(queuesOf('many-tenants')).toEqual(['patchtrail-slices', 'patchtrail-slices-poison'])
  })

  it('let the storage answer inside the network only, where that is wanted', () => {
    const [account] = ofType('private-network', 'Microsoft.Storage/storageAccounts')
    expect(account?.properties).toMatchObject({ publicNetworkAccess: 'Disabled', networkAcls: { defaultAction: 'Deny' } })
    expect(siteOf('private-network').virtualNetworkSubnetId).toMatch(/subnets\/app$/)
    const [network] = ofType('private-network', 'Microsoft.Network/virtualNetworks')
    expect(JSON.stringify(network?.properties)).toContain('"serviceName":"Microsoft.App/environments"')
    for (const { name } of ofType('private-network', 'Microsoft.Network/privateDnsZones')) expect(name).toContain("'privatelink.{0}.{1}'")
    expect(ofType('private-network', 'Microsoft.Network/privateEndpoints').map(({ name }) => name.split('-').at(-1))).toEqual([
      'blob',
      'table',
    ])
    expect(siteOf('default').virtualNetworkSubnetId).toBeNull()
  })

  it('keep two instances ready for HTTP and each other function, where zones are wanted', () => {
    expect(siteOf('many-tenants').functionAppConfig.scaleAndConcurrency.alwaysReady).toEqual(
      ['http', 'function:tick', 'function:slice', 'function:slicePoison'].map((name) => ({ name, instanceCount: 2 })),
    )
    expect(siteOf('default').functionAppConfig.scaleAndConcurrency.alwaysReady).toEqual([])
  })

  it('ask health from outside where that is wanted: by its route, from a place of that cloud, for an answer of 200', () => {
    expect(ofType('default', 'Microsoft.Insights/webtests')).toEqual([])
    const [test] = ofType('government', 'Microsoft.Insights/webtests')
    const [component] = ofType('government', 'Microsoft.Insights/components')
    expect(JSON.stringify(test?.properties?.['Request'])).toContain('/api/health')
    expect(test?.properties).toMatchObject({
      Locations: [{ Id: 'usgov-va-azr' }],
      Kind: 'standard',
      ValidationRules: { ExpectedHttpStatusCode: 200 },
    })
    expect(test?.tags).toHaveProperty([`hidden-link:${component?.id}`], 'Resource')
    const [alert] = ofType('government', 'Microsoft.Insights/metricAlerts')
    expect(alert?.properties).toMatchObject({
      scopes: [test?.id, component?.id],
      criteria: { webTestId: test?.id, componentId: component?.id, failedLocationCount: 1 },
    })
  })

  it('have a workbook whose charts all take their time from its one parameter', () => {
    const [workbook] = ofType('many-tenants', 'Microsoft.Insights/workbooks')
    expect(workbook?.name).toMatch(/^[0-9a-f-]{36}$/)
    const { items } = JSON.parse(String(workbook?.properties?.['serializedData'])) as { items: WorkbookItem[] }
    const parameters = items.flatMap(({ content }) => content.parameters ?? []).map(({ name }) => name)
    const charts = items.filter(({ type }) => type === 3).map(({ content }) => content)
    expect(charts.length).toBeGreaterThan(7)
    expect(new Set(charts.map(({ timeContextFromParameter }) => timeContextFromParameter))).toEqual(new Set(parameters))
    for (const { title, query } of charts) expect([title !== undefined, query !== undefined]).toEqual([true, true])
  })

  it('let nobody but the components that need it send telemetry, and give zones to the plan where they are wanted', () => {
    const metricsRole = ofType('default', 'Microsoft.Authorization/roleAssignments').find(({ properties }) =>
      String(properties?.['roleDefinitionId']).endsWith(String(metrics)),
    )
    expect(metricsRole?.id).toContain('Microsoft.Insights/components/')
    expect(ofType('many-tenants', 'Microsoft.Web/serverfarms')[0]?.properties).toMatchObject({ reserved: true, zoneRedundant: true })
    expect(ofType('default', 'Microsoft.Web/serverfarms')[0]?.properties).toMatchObject({ zoneRedundant: false })
  })

  it('publish the package of a release where azd does not', () => {
    const [package_] = ofType('default', 'Microsoft.Web/sites/extensions')
    expect(package_?.name).toMatch(/\/onedeploy$/)
    expect(package_?.properties).toEqual({ packageUri: 'https://example.com/v0.0.0/patchtrail.zip', remoteBuild: false })
    expect(ofType('many-tenants', 'Microsoft.Web/sites/extensions')).toEqual([])
  })
})
