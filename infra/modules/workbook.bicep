// One page of charts over the app's own log lines: coverage, calls, slices, failures, tenants.

param location string
param tags object
param name string
param componentId string

@description('Whether it reads many tenants, and has a table of them.')
param hasTenants bool

var charts = concat(
  [
    {
      title: 'Coverage of ended snapshots'
      says: 'Share of the machines to be asked that were observed; failed ones count as none.'
      query: loadTextContent('../queries/coverage.kql')
      shown: 'linechart'
    }
    {
      title: 'Assessed'
      says: 'Share of the machines to be asked that were observed and have reported to Defender within 30 days.'
      query: loadTextContent('../queries/assessed.kql')
      shown: 'linechart'
    }
    {
      title: 'How snapshots ended'
      says: 'The newest first.'
      query: loadTextContent('../queries/snapshots.kql')
      shown: 'table'
    }
    {
      title: 'Calls, retries and throttling'
      says: 'By the hour. The quota is 1,500 calls in any hour, for each tenant.'
      query: loadTextContent('../queries/calls.kql')
      shown: 'timechart'
    }
    { title: 'Slices', says: 'Why they stopped, and how long they took.', query: loadTextContent('../queries/slices.kql'), shown: 'table' }
    {
      title: 'Answers of Defender that were none'
      says: 'To read, not to be woken by: 404 and 5xx are asked again, 429 ends a slice.'
      query: loadTextContent('../queries/faults.kql')
      shown: 'table'
    }
    {
      title: 'Errors'
      says: 'Every line of the level error, the newest first.'
      query: loadTextContent('../queries/errors.kql')
      shown: 'table'
    }
  ],
  hasTenants
    ? [
        {
          title: 'Tenants'
          says: 'The last slice of each, the one that has waited longest first.'
          query: loadTextContent('../queries/tenants.kql')
          shown: 'table'
        }
        {
          title: 'Messages'
          says: 'Tenants that wait, that were sent a message, and a second one.'
          query: loadTextContent('../queries/dispatched.kql')
          shown: 'timechart'
        }
      ]
    : []
)

var heading = [
  {
    type: 1
    name: 'heading'
    content: {
      json: '# patchtrail\nWhat the app says of itself in its log. What machines miss is in its own answers, its feed and the Power BI report.'
    }
  }
  {
    type: 9
    name: 'time'
    content: {
      version: 'KqlParameterItem/1.0'
      style: 'pills'
      queryType: 0
      resourceType: 'microsoft.insights/components'
      parameters: [
        {
          id: guid(componentId, 'timeRange')
          version: 'KqlParameterItem/1.0'
          name: 'timeRange'
          label: 'Time'
          type: 4
          isRequired: true
          value: { durationMs: 2592000000 }
          typeSettings: {
            selectableValues: [{ durationMs: 86400000 }, { durationMs: 604800000 }, { durationMs: 2592000000 }]
            allowCustom: true
          }
        }
      ]
    }
  }
]

var items = map(charts, chart => {
  type: 3
  name: chart.title
  content: {
    version: 'KqlItem/1.0'
    title: chart.title
    noDataMessage: '${chart.says} Nothing in this time.'
    query: chart.query
    size: 0
    queryType: 0
    resourceType: 'microsoft.insights/components'
    timeContextFromParameter: 'timeRange'
    visualization: chart.shown
  }
})

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, name)
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'patchtrail'
    category: 'workbook'
    sourceId: componentId
    serializedData: string({ version: 'Notebook/1.0', items: concat(heading, items), fallbackResourceIds: [componentId] })
  }
}
