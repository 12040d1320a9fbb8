// The app's storage account: the host's leases and keys, the package, and the history unless an account of its own holds that. No key opens it.

import { roleIds } from 'roles.bicep'

param location string
param tags object
param name string
param sku string

@description('Object id of the identity that the app runs as.')
param principalId string

@description('Whether this account holds the history as well.')
param holdsHistory bool

@description('Whether the timer hands tenants to a queue function.')
param hasQueue bool

@description('Whether it answers inside the virtual network only.')
param isPrivate bool

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: isPrivate ? 'Deny' : 'Allow', bypass: 'AzureServices' }
  }

  resource blobs 'blobServices' = {
    name: 'default'

    // It has to be there before the site: https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code
    resource package 'containers' = {
      name: 'package'
      properties: { publicAccess: 'None' }
    }
  }

  resource queues 'queueServices' = if (hasQueue) {
    name: 'default'

    // Both functions listen from their first minute on; what the host makes by itself, it makes with the first message.
    resource slices 'queues' = [for queue in ['patchtrail-slices', 'patchtrail-slices-poison']: { name: queue }]
  }
}

// The timer's lease and the function keys are blobs: https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
var roles = union(
  [roleIds.storageBlobDataOwner],
  holdsHistory ? [roleIds.storageTableDataContributor] : [],
  hasQueue ? [roleIds.storageQueueDataContributor] : []
)

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    name: guid(account.id, principalId, role)
    scope: account
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      principalId: principalId
      // Entra may not know a new identity yet; with its type it is not asked.
      principalType: 'ServicePrincipal'
    }
  }
]

output id string = account.id
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
output tableEndpoint string = account.properties.primaryEndpoints.table
output packageContainer string = '${account.properties.primaryEndpoints.blob}${account::blobs::package.name}'
