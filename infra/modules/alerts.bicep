// What should call somebody: docs/operate.md says what each means. The queries are files, read by tests and shown there.

param location string
param tags object
param name string
param componentId string

@description('Who gets a mail. With nobody the alerts show in the portal all the same.')
param emails string[]

@description('A snapshot whose share of observed machines is below this calls, in percent.')
param leastCoveragePercent int

@description('Whether the timer hands tenants to a queue function.')
param hasQueue bool

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'patchtrail'
    enabled: true
    emailReceivers: [for (email, index) in emails: { name: 'mail${index}', emailAddress: trim(email), useCommonAlertSchema: true }]
  }
}

type Rule = {
  name: string
  title: string
  says: string
  query: string
  severity: 1 | 2
  every: string
  over: string
  operator: 'GreaterThanOrEqual' | 'LessThan'
  threshold: int
  @description('A column of the query in place of its count of rows.')
  measure: { column: string, aggregation: 'Total' | 'Minimum' }?
  @description('One alert for each value of this column.')
  dimension: string?
}

var rules Rule[] = [
  {
    name: 'no-tick'
    title: 'patchtrail: no tick'
    says: 'The timer has not fired for 30 minutes, while HTTP may go on. Restart the app, then publish again. Before the first package it calls as well.'
    query: loadTextContent('../queries/no-tick.kql')
    severity: 1
    every: 'PT15M'
    over: 'PT30M'
    // A count always yields a row, so it is the counted column that has to be compared.
    measure: { column: 'ticks', aggregation: 'Total' }
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'failed-ticks'
    title: 'patchtrail: ticks fail'
    says: 'Five ticks or slices failed in half an hour: storage or code. One alone is an instance that was taken away.'
    query: loadTextContent('../queries/failed-ticks.kql')
    severity: 2
    every: 'PT15M'
    over: 'PT30M'
    dimension: 'operation_Name'
    operator: 'GreaterThanOrEqual'
    threshold: 5
  }
  {
    name: 'snapshots-ended'
    title: 'patchtrail: a snapshot failed or covers too little'
    says: 'Machines gave no answer, the list broke, or Defender refuses the app. See /api/snapshots/{snapshotId}/unknown.'
    query: loadTextContent('../queries/snapshots-ended.kql')
    severity: 2
    every: 'PT1H'
    // 90 minutes are no window that the service takes: https://github.com/Azure/azure-rest-api-specs/issues/21258
    over: 'PT2H'
    measure: { column: 'coveragePercent', aggregation: 'Minimum' }
    dimension: 'tenantId'
    operator: 'LessThan'
    threshold: leastCoveragePercent
  }
  {
    name: 'broken'
    title: 'patchtrail: a setting, the identity or a role is wrong'
    says: 'Nothing works until somebody mends it; the line says what.'
    query: loadTextContent('../queries/broken.kql')
    severity: 2
    every: 'PT1H'
    // Twice as long as it is asked: a line may come late, and this one comes once a process.
    over: 'PT2H'
    dimension: 'event'
    operator: 'GreaterThanOrEqual'
    threshold: 1
  }
]

var queueRules Rule[] = [
  {
    name: 'poison'
    title: 'patchtrail: a message was given up'
    says: 'Five deliveries of one message ended in the death of the process. Look at the memory of the instances.'
    query: loadTextContent('../queries/poison.kql')
    severity: 2
    every: 'PT15M'
    over: 'PT30M'
    dimension: 'tenantId'
    operator: 'GreaterThanOrEqual'
    threshold: 1
  }
  {
    name: 'not-taken-up'
    title: 'patchtrail: messages are not taken up'
    says: 'For half an hour tenants were sent a second message: too few instances, or the queue function does not run.'
    query: loadTextContent('../queries/not-taken-up.kql')
    severity: 2
    every: 'PT15M'
    over: 'PT30M'
    operator: 'GreaterThanOrEqual'
    threshold: 25
  }
]

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in concat(rules, hasQueue ? queueRules : []): {
    name: '${name}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: rule.says
      severity: rule.severity
      enabled: true
      scopes: [componentId]
      evaluationFrequency: rule.every
      windowSize: rule.over
      // A new workspace has no tables yet, and the deployment would fail with "Failed to resolve table": https://github.com/Azure/bicep/issues/11378
      skipQueryValidation: true
      // One mail, and one when it is over.
      autoMitigate: true
      criteria: {
        allOf: [
          union(
            {
              query: rule.query
              operator: rule.operator
              threshold: rule.threshold
              timeAggregation: rule.?measure.aggregation ?? 'Count'
              dimensions: rule.?dimension == null ? [] : [{ name: rule.?dimension, operator: 'Include', values: ['*'] }]
              failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
            },
            rule.?measure == null ? {} : { metricMeasureColumn: rule.?measure.column }
          )
        ]
      }
      actions: { actionGroups: [people.id] }
    }
  }
]

output actionGroupId string = people.id
