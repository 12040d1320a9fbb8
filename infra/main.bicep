// patchtrail in Azure, in the order in which it is made: an identity, what it may do, what watches it, the app, its code, and who is called.
// No key, password or connection string with a key is anywhere in it. docs/deploy.md says how to run it.

import { Settings } from 'modules/settings.bicep'

@description('Tells this installation from others in the same resource group; the names of its resources are made from both.')
@minLength(1)
@maxLength(64)
param environmentName string = 'patchtrail'

@description('Region of all resources. `az functionapp list-flexconsumption-locations` names those that have Flex Consumption.')
param location string = resourceGroup().location

@description('The Microsoft Entra tenant whose machines are read, where it is one. Empty: that of the subscription, as an identity has tokens of no other.')
param tenantId string = ''

@description('Client id of the multi-tenant app registration that trusts the app\'s identity. It switches to many tenants: docs/tenants.md')
param clientId string = ''

@description('The cloud in which Defender answers. Empty: commercial, or gcchigh in Azure Government.')
param cloud ('' | 'commercial' | 'gcc' | 'gcchigh' | 'dod') = ''

@description('All other settings of the program, by name; what is not named or blank has its default: README.md')
param settings Settings = {}

@description('Memory of an instance. 2,048 MB are ample, 512 MB should do: docs/scaling.md')
param instanceMemoryMB (512 | 2048 | 4096) = 2048

@description('Limits what readers can make it cost; the timer needs one. 40 carry 500 tenants of 10,000 machines.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Node 24 is supported until April 2028, Node 22 until April 2027.')
param nodeVersion ('22' | '24') = '24'

@description('Redundancy of the storage. Zones survive the loss of a data centre; a region without them takes Standard_LRS.')
param storageSku ('Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS') = 'Standard_ZRS'

@description('A storage account that is there already and keeps the history. Empty: the app\'s own keeps it.')
param historyAccountName string = ''

@description('Resource group of that account, in the same subscription. Empty: this one.')
param historyAccountGroup string = ''

@description('Lets the app\'s storage answer inside a virtual network only, which is made. A history account of your own needs its endpoints from you.')
param privateNetwork bool = false

@description('Addresses of that network, at least a /26.')
param networkAddressPrefix string = '10.83.0.0/24'

@description('Keeps instances in several zones, around the clock. What it costs: modules/app.bicep')
param zoneRedundant bool = false

@description('Who gets a mail from an alert.')
param alertEmails string[] = []

@description('A snapshot whose share of observed machines is below this calls, in percent.')
@minValue(1)
@maxValue(100)
param leastCoveragePercent int = 95

@description('Asks /api/health from outside, every 15 minutes.')
param availabilityTest bool = false

@description('Where that test asks from: https://learn.microsoft.com/azure/azure-monitor/app/availability#location-population-tags. Empty: Amsterdam, or Virginia in Azure Government.')
param availabilityTestLocation string = ''

@description('Publishes the code with the resources. azd does that itself, with the package it has just made.')
param publishPackage bool = true

@description('The package as an address of one version that the platform can read. Empty: the release of this version.')
param packageUri string = ''

var repository = loadJsonContent('../package.json', 'repository.url')
var version = loadJsonContent('../package.json', 'version')
var packageOfRelease = '${repository}/releases/download/v${version}/patchtrail.zip'
var token = uniqueString(resourceGroup().id, environmentName)
var name = 'patchtrail-${token}'
var tags = { 'azd-env-name': environmentName }
var hasQueue = !empty(clientId)
var hasHistoryAccount = !empty(historyAccountName)
var tenantOrOwn = empty(tenantId) ? subscription().tenantId : tenantId
var cloudOrOwn = !empty(cloud) ? cloud : environment().name == 'AzureUSGovernment' ? 'gcchigh' : 'commercial'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

module storage 'modules/storage.bicep' = {
  name: 'storage-${token}'
  params: {
    location: location
    tags: tags
    name: 'patchtrail${token}'
    sku: storageSku
    principalId: identity.properties.principalId
    holdsHistory: !hasHistoryAccount
    hasQueue: hasQueue
    isPrivate: privateNetwork
  }
}

module historyAccount 'modules/history-account.bicep' = if (hasHistoryAccount) {
  name: 'history-${token}'
  scope: resourceGroup(empty(historyAccountGroup) ? resourceGroup().name : historyAccountGroup)
  params: { name: historyAccountName, principalId: identity.properties.principalId }
}

// After the roles, and before the app: what is slow gives them the time they take to spread.
module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring-${token}'
  params: { location: location, tags: tags, name: name, principalId: identity.properties.principalId }
  dependsOn: [storage]
}

module network 'modules/network.bicep' = if (privateNetwork) {
  name: 'network-${token}'
  params: {
    location: location
    tags: tags
    name: name
    addressPrefix: networkAddressPrefix
    storageId: storage.outputs.id
    services: union(['blob', 'table'], hasQueue ? ['queue'] : [])
  }
}

var hostSettings = {
  AzureWebJobsStorage__blobServiceUri: storage.outputs.blobEndpoint
  AzureWebJobsStorage__queueServiceUri: storage.outputs.queueEndpoint
  AzureWebJobsStorage__tableServiceUri: storage.outputs.tableEndpoint
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
  // Alerts are made from single lines, so none may be left out by sampling: docs/operate.md
  AzureFunctionsJobHost__logging__applicationInsights__samplingSettings__excludedTypes: 'Request;Exception;Trace'
}

var ownSettings = union(
  {
    AZURE_CLIENT_ID: identity.properties.clientId
    DEFENDER_CLOUD: cloudOrOwn
    STORAGE_TABLES_URL: historyAccount.?outputs.tableEndpoint ?? storage.outputs.tableEndpoint
  },
  hasQueue ? { DEFENDER_CLIENT_ID: clientId } : { DEFENDER_TENANT_ID: tenantOrOwn }
)

// What is left blank counts as not set.
var otherSettings = toObject(filter(items(settings), setting => !empty(setting.?value)), setting => setting.key, setting => setting.?value)

module app 'modules/app.bicep' = {
  name: 'app-${token}'
  params: {
    location: location
    tags: tags
    name: name
    identityId: identity.id
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    nodeVersion: nodeVersion
    packageContainer: storage.outputs.packageContainer
    settings: union(otherSettings, hostSettings, ownSettings)
    subnetId: network.?outputs.appSubnetId ?? ''
    zoneRedundant: zoneRedundant
    functionGroups: union(['function:tick'], hasQueue ? ['function:slice', 'function:slicePoison'] : [])
  }
}

module package 'modules/package.bicep' = if (publishPackage) {
  name: 'package-${token}'
  params: { appName: name, packageUri: empty(packageUri) ? packageOfRelease : packageUri }
  dependsOn: [app]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts-${token}'
  params: {
    location: location
    tags: tags
    name: name
    componentId: monitoring.outputs.componentId
    emails: alertEmails
    leastCoveragePercent: leastCoveragePercent
    hasQueue: hasQueue
  }
}

module availability 'modules/availability.bicep' = if (availabilityTest) {
  name: 'availability-${token}'
  params: {
    location: location
    tags: tags
    name: name
    componentId: monitoring.outputs.componentId
    actionGroupId: alerts.outputs.actionGroupId
    hostName: app.outputs.hostName
    testLocation: !empty(availabilityTestLocation)
      ? availabilityTestLocation
      : environment().name == 'AzureUSGovernment' ? 'usgov-va-azr' : 'emea-nl-ams-azr'
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook-${token}'
  params: { location: location, tags: tags, name: name, componentId: monitoring.outputs.componentId, hasTenants: hasQueue }
}

// What the hooks beside azure.yaml go by; azd keeps them as variables of the environment.
output PATCHTRAIL_APP_NAME string = name
output PATCHTRAIL_HOST string = app.outputs.hostName
output PATCHTRAIL_PRINCIPAL_ID string = identity.properties.principalId
output PATCHTRAIL_IDENTITY_CLIENT_ID string = identity.properties.clientId
output PATCHTRAIL_STORAGE_ID string = storage.outputs.id
output PATCHTRAIL_DATA_STORAGE_ID string = historyAccount.?outputs.id ?? storage.outputs.id
output PATCHTRAIL_TENANT_ID string = tenantOrOwn
output PATCHTRAIL_CLOUD string = cloudOrOwn
// What makes another installation of it where it is forgotten: `azd env refresh` brings these back on another machine.
output DEFENDER_CLIENT_ID string = clientId
output DEFENDER_TENANT_ID string = tenantId
output DEFENDER_CLOUD string = cloud
output TABLE_PREFIX string = settings.?TABLE_PREFIX ?? ''
output MACHINE_FILTER string = settings.?MACHINE_FILTER ?? ''
output MACHINE_PLATFORMS string = settings.?MACHINE_PLATFORMS ?? ''
output SYNC_SCHEDULE string = settings.?SYNC_SCHEDULE ?? ''
output PATCHTRAIL_HISTORY_ACCOUNT string = historyAccountName
output PATCHTRAIL_HISTORY_ACCOUNT_GROUP string = historyAccountGroup
