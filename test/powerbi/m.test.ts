import * as PQP from '@microsoft/powerquery-parser'
import { describe, expect, it } from 'vitest'
import { isCumulative } from '../../src/domain/product.ts'
import { readSemanticModel, reportSets, tableOfSet } from '../support/powerbi/semantic-model.ts'

const model = readSemanticModel()
const queries = model.tables.filter(({ kind }) => kind === 'm')
const policies = model.tables.flatMap(({ name, refreshPolicy }) =>
  refreshPolicy ? [[`${name} (refresh policy)`, refreshPolicy.properties.get('sourceExpression') ?? ''] as const] : [])
const everyM = [...model.expressions, ...queries.map(({ name, source }) => [name, source] as const), ...policies]

/** Why a text is no M, or undefined. */
async function faultOf(m: string): Promise<string | undefined> {
  const task = await PQP.TaskUtils.tryLexParse(PQP.DefaultSettings, m)
  if (PQP.TaskUtils.isParseStageOk(task)) return undefined
  return 'error' in task && task.error instanceof Error ? task.error.message : 'not parsed'
}

describe('the queries in M', () => {
  it.each(everyM)('of %s parse', async (_name, m) => {
    expect(await faultOf(m)).toBeUndefined()
  })

  it('are refused when a bracket is missing, so that the test above means something', async () => {
    expect(everyM).toHaveLength(5 + 7 + 1)
    for (const [name, m] of everyM.filter(([, m]) => /[)}]/.test(m))) {
      const last = Math.max(m.lastIndexOf(')'), m.lastIndexOf('}'))
      expect(await faultOf(m.slice(0, last) + m.slice(last + 1)), name).toBeDefined()
    }
  })

  it('take the address and the range from parameters', () => {
    expect(model.expressions.get('FeedUrl')).toMatch(/^"http[^"?]+\/api\/odata" meta \[IsParameterQuery=true, Type="Text", IsParameterQueryRequired=true\]$/)
    for (const name of ['RangeStart', 'RangeEnd']) {
      expect(model.expressions.get(name)).toMatch(/^#datetime\(\d+, 1, 1, 0, 0, 0\) meta \[IsParameterQuery=true, Type="DateTime", IsParameterQueryRequired=true\]$/)
    }
  })

  it.each(reportSets.map(({ name }) => name))('of %s ask for the set as the connector folds it', (name) => {
    const table = tableOfSet(model, name)
    const source = table?.source ?? ''
    expect(source).toContain('OData.Feed(FeedUrl, null, [Implementation = "2.0", ODataVersion = 4, ApiKeyName = "code"])')
    expect(source).toContain(`Source{[Name = "${name}", Signature = "table"]}[Data]`)
    const chosen = [...(/Table\.SelectColumns\(\w+, \{([^}]*)\}\)/.exec(source)?.[1] ?? '').matchAll(/"(\w+)"/g)].map(([, column]) => column)
    const added = [...source.matchAll(/Table\.AddColumn\(\w+, "(\w+)"/g)].map(([, column]) => column)
    expect([...chosen, ...added]).toEqual(table?.columns.map(({ sourceColumn }) => sourceColumn))
  })

  it.each(reportSets)('of $name turn every instant into UTC', ({ name, properties }) => {
    const table = tableOfSet(model, name)
    const instants = properties.filter(({ name, type }) => type === 'Edm.DateTimeOffset' && table?.columns.some((column) => column.sourceColumn === name))
    const turned = [...(table?.source ?? '').matchAll(/\{"(\w+)", Utc, type nullable datetime\}/g)].map(([, column]) => column)
    expect(turned).toEqual(instants.map(({ name }) => name))
  })

  it('use steps and shared queries that exist', () => {
    for (const { name, source } of queries) {
      const steps = [...source.matchAll(/^ {4}(\w+) = /gm)].map(([, step]) => step)
      const known = new Set([...steps, ...model.expressions.keys()])
      const used = [...source.matchAll(/(?:Table\.\w+\(|^ {4})(\w+)(?=[,\n{]|$)/gm)].map(([, step]) => step)
      for (const step of used) expect(known, `${name}: ${step}`).toContain(step)
    }
  })

  it('tell cumulative products by the beginning that the domain tells them by', () => {
    const prefix = /Text\.StartsWith\(_, "(\w+)", Comparer\.OrdinalIgnoreCase\)/.exec(model.expressions.get('CumulativeProducts') ?? '')?.[1] ?? ''
    expect(['windows_10', 'Windows_Server_2022', 'windows_11'].every(isCumulative)).toBe(true)
    expect(prefix).toBe('windows_')
    for (const other of ['office', 'windows', '.net_framework', `x${prefix}10`]) expect(isCumulative(other), other).toBe(false)
  })
})
