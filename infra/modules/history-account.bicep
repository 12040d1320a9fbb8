// A storage account that is there already and keeps the history, so that it outlives the app and can be granted apart. Only a role is added to it.

import { roleIds } from 'roles.bicep'

param name string

@description('Object id of the identity that the app runs as.')
param principalId string

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: name
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, principalId, roleIds.storageTableDataContributor)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.storageTableDataContributor)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

output id string = account.id
output tableEndpoint string = account.properties.primaryEndpoints.table
