import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LOG_EVENTS, type LogEvent } from '../../src/log-events.ts'
import { analyseQuery } from '../support/analyse-query.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const QUERIES = readdirSync(new URL('infra/queries/', root)).map((name) => name.replace('.kql', ''))
const queryOf = (name: string) => read(`infra/queries/${name}.kql`)
const events: Record<string, LogEvent> = LOG_EVENTS

/** Functions by the names with which they are registered, and under which their requests stand. */
const functionNames = readdirSync(new URL('functions/', root)).flatMap((file) =>
  [...read(`functions/${file}`).matchAll(/app\.(?:timer|storageQueue|http)\('(\w+)'/g)].map(([, name]) => name ?? ''),
)

const namesIn = (text: string) => [...text.matchAll(/"([^"]+)"/g)].map(([, name]) => name ?? '')

/** Events that a query compares `event` with. */
const eventsOf = (query: string) => [
  ...[...query.matchAll(/(?:line\.event\)|\bevent) == "([^"]+)"/g)].map(([, event]) => event ?? ''),
  ...[...query.matchAll(/\bevent in \(([^)]+)\)/g)].flatMap(([, list]) => namesIn(list ?? '')),
]

/** Fields of a line that a query reads, with the function that it reads them with; `event` and `level` are of every line. */
const fieldsOf = (query: string) =>
  [...query.matchAll(/(to\w+)\(line\.(\w+)\)/g)]
    .map(([, read = '', field = '']) => ({ read, field }))
    .filter(({ field }) => field !== 'event' && field !== 'level')

describe.each(QUERIES)('the query %s', (name) => {
  const query = queryOf(name)

  it('is one that Azure Monitor can run', () => {
    const { problems, columns } = analyseQuery(query)
    expect(problems).toEqual([])
    expect(Object.keys(columns).length).toBeGreaterThan(0)
  })

  it('names events of the program only', () => {
    const named = eventsOf(query)
    expect(named.filter((event) => !(event in events))).toEqual([])
    const readsLines = query.startsWith('traces')
    expect(named.length > 0 || query.includes('line.level')).toBe(readsLines)
  })

  it('reads fields that these events have, as what they are', () => {
    const named = eventsOf(query)
    const known = (named.length > 0 ? named : Object.keys(events)).flatMap((event) => Object.entries(events[event]?.fields ?? {}))
    expect([...query.matchAll(/line\.(\w+)/g)].length).toBe([...query.matchAll(/to\w+\(line\.(\w+)\)/g)].length)
    for (const { read, field } of fieldsOf(query)) {
      const kinds = known.filter(([name]) => name === field).map(([, kind]) => kind.replace('?', ''))
      expect(kinds, field).not.toEqual([])
      if (read === 'toint') expect(new Set(kinds), field).toEqual(new Set(['number']))
    }
  })

  it('names functions that are registered', () => {
    const named = [...query.matchAll(/operation_Name (?:==|in) \(?([^)|\n]+)/g)].flatMap(([, list]) => namesIn(list ?? ''))
    expect(named.filter((name) => !functionNames.includes(name))).toEqual([])
  })
})

interface Rule {
  displayName: string
  evaluationFrequency: string
  windowSize: string
  skipQueryValidation: boolean
  autoMitigate: boolean
  criteria: {
    allOf: {
      query: string
      operator: string
      threshold: number
      metricMeasureColumn?: string
      timeAggregation: string
      dimensions: { name: string }[]
    }[]
  }
}
const resources = (JSON.parse(read('infra/snapshots/many-tenants.snapshot.json')) as { predictedResources: Resource[] }).predictedResources
interface Resource {
  type: string
  name: string
  properties: unknown
}
const rules = resources
  .filter(({ type }) => type === 'Microsoft.Insights/scheduledQueryRules')
  .map(({ name, properties }) => ({ name: name.replace(/^patchtrail-[a-z0-9]+-/, ''), ...(properties as Rule) }))

describe.each(rules)('the rule $name', ({ name, criteria, skipQueryValidation, autoMitigate, evaluationFrequency, windowSize }) => {
  const [condition] = criteria.allOf

  it('has the query of its file, which may have no table yet', () => {
    expect(condition?.query).toBe(queryOf(name))
    expect(skipQueryValidation).toBe(true)
  })

  it('measures and is split by columns that the query gives', () => {
    const { columns } = analyseQuery(condition?.query ?? '')
    const measured = condition?.metricMeasureColumn
    if (measured === undefined) expect(condition?.timeAggregation).toBe('Count')
    else expect(['int', 'long', 'real']).toContain(columns[measured])
    for (const { name: dimension } of condition?.dimensions ?? []) expect(columns[dimension]).toBe('string')
  })

  it('asks as often, and over as long, as the service takes, and nothing falls between', () => {
    const [every, over] = [minutesOf(evaluationFrequency), minutesOf(windowSize)]
    expect(WINDOWS_MINUTES).toContain(over)
    expect(FREQUENCIES_MINUTES).toContain(every)
    expect(over).toBeGreaterThan(every)
  })

  it('calls on the right side of its threshold, and says when it is over', () => {
    expect({ operator: condition?.operator, threshold: condition?.threshold, aggregation: condition?.timeAggregation }).toEqual(
      CALLS_WHEN[name],
    )
    expect(autoMitigate).toBe(true)
  })
})

/** https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule and https://github.com/Azure/azure-rest-api-specs/issues/21258 */
const WINDOWS_MINUTES = [5, 10, 15, 30, 45, 60, 120, 180, 240, 300, 360, 1440, 2880]
const FREQUENCIES_MINUTES = [5, 10, 15, 30, 45, 60, 120, 180, 240, 300, 360, 1440]

/** When each calls: fewer than one tick, or a share below the bound; else as many rows or more. */
const CALLS_WHEN: Record<string, object> = {
  'no-tick': { operator: 'LessThan', threshold: 1, aggregation: 'Total' },
  'failed-ticks': { operator: 'GreaterThanOrEqual', threshold: 5, aggregation: 'Count' },
  'snapshots-ended': { operator: 'LessThan', threshold: 95, aggregation: 'Minimum' },
  broken: { operator: 'GreaterThanOrEqual', threshold: 1, aggregation: 'Count' },
  poison: { operator: 'GreaterThanOrEqual', threshold: 1, aggregation: 'Count' },
  'not-taken-up': { operator: 'GreaterThanOrEqual', threshold: 25, aggregation: 'Count' },
}

function minutesOf(duration: string): number {
  const [, hours = '0', rest = '0'] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(duration) ?? []
  return Number(hours) * 60 + Number(rest)
}

describe('the queries', () => {
  it('are all used: by a rule, the workbook, or docs/operate.md', () => {
    const users = ['infra/modules/alerts.bicep', 'infra/modules/workbook.bicep'].map(read).join('\n')
    expect(QUERIES.filter((name) => !users.includes(`queries/${name}.kql`))).toEqual([])
  })

  it('are those that docs/operate.md shows', () => {
    const shown = [...read('docs/operate.md').matchAll(/```kusto\n([\s\S]*?)```/g)].map(([, query]) => query ?? '')
    expect(shown.length).toBeGreaterThanOrEqual(4)
    const known = QUERIES.map(queryOf)
    expect(shown.filter((query) => !known.includes(query))).toEqual([])
  })

  it('know every function that is not HTTP', () => {
    expect(functionNames).toEqual(expect.arrayContaining(['tick', 'slice', 'slicePoison']))
    const { properties } = resources.find(({ type }) => type === 'Microsoft.Web/sites') ?? { properties: undefined }
    const { functionAppConfig } = properties as { functionAppConfig: { scaleAndConcurrency: { alwaysReady: { name: string }[] } } }
    const groups = functionAppConfig.scaleAndConcurrency.alwaysReady.map(({ name }) => name.replace('function:', ''))
    expect(groups.filter((name) => name !== 'http' && !functionNames.includes(name))).toEqual([])
  })
})
