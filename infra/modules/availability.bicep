// A request for /api/health from outside of the app, every 15 minutes from one place: some 2,900 a month at about $0.0006 each (a third-party figure, check it).

param location string
param tags object
param name string
param componentId string
param actionGroupId string
param hostName string

@description('Where it asks from, one of https://learn.microsoft.com/azure/azure-monitor/app/availability#location-population-tags')
param testLocation string

var frequencySeconds = 900

resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: '${name}-health'
  location: location
  // The portal shows the test with the resource that this tag names.
  tags: union(tags, { 'hidden-link:${componentId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: '${name}-health'
    Name: 'patchtrail: health'
    Enabled: true
    Frequency: frequencySeconds
    // The first request after a pause starts an instance.
    Timeout: 60
    Kind: 'standard'
    RetryEnabled: true
    Locations: [{ Id: testLocation }]
    Request: { RequestUrl: 'https://${hostName}/api/health', HttpVerb: 'GET', ParseDependentRequests: false }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 7 }
  }
}

resource alert 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-health'
  location: 'global'
  tags: tags
  properties: {
    description: 'No snapshot has ended in time, Defender or the storage refuses, or the app does not answer: see the detail of /api/health.'
    severity: 1
    enabled: true
    scopes: [test.id, componentId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT30M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: test.id
      componentId: componentId
      // Of one place.
      failedLocationCount: 1
    }
    actions: [{ actionGroupId: actionGroupId }]
  }
}
