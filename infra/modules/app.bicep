// The function app on its Flex Consumption plan. Its settings are all here: what a deployment does not name, it removes.

param location string
param tags object
param name string
param identityId string
param instanceMemoryMB int
param maximumInstanceCount int
param nodeVersion string
param packageContainer string

@description('Name to value.')
param settings object

@description('Empty without a virtual network.')
param subnetId string

@description('''
Instances in several zones. Two have to be always ready for each group and function, and are billed around the clock, without the free grant:
four for one tenant, eight for many. At some $0.000004 a GB-second (a third-party figure of 2025, check it) 2,048 MB cost about $21 a month and
instance, so $80 and $170; 512 MB a quarter. Without it a lost zone costs the slices that ran there, and the next tick goes on elsewhere.
''')
param zoneRedundant bool

@description('Functions with instances of their own, beside those of HTTP.')
param functionGroups string[]

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource site 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  // azd finds the app by this tag.
  tags: union(tags, { 'azd-service-name': 'patchtrail' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainer
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: zoneRedundant ? map(union(['http'], functionGroups), group => { name: group, instanceCount: 2 }) : []
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      appSettings: [for setting in items(settings): { name: setting.key, value: setting.value }]
    }
  }

  // Whoever deploys signs in with Entra; a publish profile is a password.
  resource ftp 'basicPublishingCredentialsPolicies' = { name: 'ftp', properties: { allow: false } }
  resource scm 'basicPublishingCredentialsPolicies' = { name: 'scm', properties: { allow: false } }
}

output hostName string = site.properties.defaultHostName
