// A virtual network through which alone the storage answers. What the app asks of Defender and Entra still goes out by the internet.

param location string
param tags object
param name string

@description('At least a /26: half of it for the app, a quarter for the private endpoints.')
param addressPrefix string

@description('Storage account, and the services of it that the app uses.')
param storageId string
param services ('blob' | 'queue' | 'table')[]

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 27, 0)
          // Flex Consumption's own; the provider has to be registered in the subscription: https://learn.microsoft.com/azure/azure-functions/flex-consumption-how-to#enable-virtual-network-integration
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'storage'
        properties: { addressPrefix: cidrSubnet(addressPrefix, 28, 2), privateEndpointNetworkPolicies: 'Disabled' }
      }
    ]
  }

  resource app 'subnets' existing = { name: 'app' }
  resource storage 'subnets' existing = { name: 'storage' }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for service in services: {
    name: 'privatelink.${service}.${environment().suffixes.storage}'
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (service, index) in services: {
    parent: zones[index]
    name: name
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
]

resource endpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [
  for service in services: {
    name: '${name}-${service}'
    location: location
    tags: tags
    properties: {
      subnet: { id: network::storage.id }
      privateLinkServiceConnections: [
        { name: service, properties: { privateLinkServiceId: storageId, groupIds: [service] } }
      ]
    }
  }
]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [
  for (service, index) in services: {
    parent: endpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: service, properties: { privateDnsZoneId: zones[index].id } }]
    }
    dependsOn: [links[index]]
  }
]

output appSubnetId string = network::app.id
