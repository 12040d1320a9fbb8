import { describe, expect, it } from 'vitest'
import { daxReferences, isBalanced } from '../support/powerbi/dax-references.ts'
import { columnsByName, measureNames, readSemanticModel } from '../support/powerbi/semantic-model.ts'

const model = readSemanticModel()
const columns = columnsByName(model)
const measures = model.tables.flatMap((table) => table.measures)
const tables = model.tables.map(({ name }) => name)

/** Functions the model uses, each looked up at https://dax.guide. A misspelt one is not among them. */
const FUNCTIONS = new Set([
  'ALL', 'CALCULATE', 'CALENDAR', 'COALESCE', 'COUNTROWS', 'DATATABLE', 'DATE', 'DATEDIFF', 'DAY', 'DISTINCTCOUNT', 'DIVIDE', 'FALSE', 'FILTER',
  'FORMAT', 'GENERATESERIES', 'IF', 'INT', 'ISBLANK', 'ISCROSSFILTERED', 'ISEMPTY', 'ISINSCOPE', 'KEEPFILTERS', 'MAX', 'MAXX', 'MEDIANX', 'MIN', 'MINX',
  'MONTH', 'PATHCONTAINS', 'PATHITEM', 'PATHLENGTH', 'PERCENTILEX.INC', 'QUOTIENT', 'RELATED', 'REMOVEFILTERS', 'SELECTCOLUMNS', 'SELECTEDVALUE',
  'SUM', 'SUMX', 'SWITCH', 'TODAY', 'TRUE', 'UNION', 'USERELATIONSHIP', 'UTCNOW', 'WEEKDAY', 'YEAR',
])

describe('the references in DAX', () => {
  it('are told apart', () => {
    expect(daxReferences('VAR x = MAX(Dates[date]) RETURN CALCULATE([Some pairs], \'A b\'[c] <= x, REMOVEFILTERS(Dates)) -- [no]\n& "[no] T[no]"')).toEqual({
      columns: ['Dates.date', 'A b.c'], bare: ['Some pairs'], names: ['Dates'], variables: ['x'], functions: ['MAX', 'CALCULATE', 'REMOVEFILTERS'],
    })
    expect(isBalanced('f(a, [b], {1, ")"})')).toBe(true)
    expect(isBalanced('f(a, [b)]')).toBe(false)
  })

  it.each(measures)('of $name exist', ({ dax }) => {
    const { columns: used, bare, names, functions, variables } = daxReferences(dax)
    for (const column of used) expect([...columns.keys()]).toContain(column)
    for (const measure of bare) expect([...measureNames(model)]).toContain(measure)
    for (const name of names) expect(tables).toContain(name)
    for (const called of functions) expect([...FUNCTIONS]).toContain(called)
    // A variable may not be named like a table or a function.
    for (const variable of variables) {
      expect(tables.map((name) => name.toLowerCase())).not.toContain(variable.toLowerCase())
      expect([...FUNCTIONS]).not.toContain(variable.toUpperCase())
    }
    expect(isBalanced(dax)).toBe(true)
    expect(dax.includes('VAR ')).toBe(dax.includes('RETURN'))
  })

  const made = [
    ...model.tables.filter(({ kind }) => kind === 'calculated').map(({ name, source }) => ({ name, dax: source })),
    ...[...columns].filter(([, { dax }]) => dax !== '').map(([name, { dax }]) => ({ name, dax })),
  ]
  it.each(made)('of the table or column $name exist', ({ dax }) => {
    const { columns: used, bare, names, functions } = daxReferences(dax)
    for (const column of used) expect([...columns.keys()]).toContain(column)
    // The columns that CALENDAR and GENERATESERIES make.
    for (const column of bare) expect(['Date', 'Value']).toContain(column)
    for (const name of names) expect(tables).toContain(name)
    for (const called of functions) expect([...FUNCTIONS]).toContain(called)
    expect(isBalanced(dax)).toBe(true)
  })

  it('lead round in no circle', () => {
    const uses = new Map(measures.map(({ name, dax }) => [name, daxReferences(dax).bare]))
    const visit = (name: string, path: readonly string[]): void => {
      expect(path, `${path.join(' > ')} > ${name}`).not.toContain(name)
      for (const used of uses.get(name) ?? []) visit(used, [...path, name])
    }
    for (const name of uses.keys()) visit(name, [])
  })

  it('activate relationships that are there and inactive', () => {
    const activated = measures.flatMap(({ dax }) => [...dax.matchAll(/USERELATIONSHIP\((\w+)\[([^\]]+)\], (\w+)\[([^\]]+)\]\)/g)].map(([, a, b, c, d]) => [`${a}.${b}`, `${c}.${d}`]))
    expect(activated.length).toBeGreaterThan(0)
    for (const [from, to] of activated) expect(model.relationships).toContainEqual(expect.objectContaining({ from, to, isActive: false }))
  })
})

describe('the measures', () => {
  const daxOf = (name: string) => measures.find((measure) => measure.name === name)?.dax ?? ''

  it('name those that a reader asks for', () => {
    expect([...measureNames(model)]).toEqual(expect.arrayContaining([
      'Missing pairs', 'Machines missing KBs', 'Median days exposed', '90th percentile days exposed', 'Exposed over 30 days', 'Exposed at least',
      'Share installed in time', 'Exposures due', 'Exposures left out', 'Median days to install', 'Missing longer than median', 'Reopened', 'Coverage',
      'Assessed', 'Hours since newest snapshot', 'Appeared', 'Resolved', 'Installed', 'Superseded',
    ]))
  })

  it('narrow columns that a reader may filter, and never replace the filter', () => {
    // A filter argument on a column replaces the reader's own filter on it, unless it is kept. Dates and snapshots are replaced on purpose.
    for (const { name, dax } of measures) {
      const replaced = dax.split('\n').map((line) => line.trim()).filter((line) => /^(MissingKbs|Changes|KbTotals|Machines|Kbs)\[[^\]]+\] (=|<|>|IN)/.test(line))
      expect(replaced, name).toEqual([])
    }
  })

  it('say the same of what is missing, wherever they say it', () => {
    const missing = /KEEPFILTERS\(MissingKbs\[First missing at\] <= asOf\),\n\s*KEEPFILTERS\(ISBLANK\(MissingKbs\[Resolved at\]\) \|\| MissingKbs\[Resolved at\] > asOf\)/
    const asked = [
      'Missing pairs', 'Machines missing KBs', 'KBs missing', 'Median days exposed', '90th percentile days exposed', 'Longest days exposed', 'Exposed over 30 days',
      'Exposed at least', 'Missing pairs by age', 'Missing longer than median', 'Missing longer than 90th', 'Missing at start', 'Missing at end',
    ]
    for (const name of asked) expect(daxOf(name), name).toMatch(missing)
  })

  it('account for a period by the same intervals and changes, whatever a reader clicks but machines, KBs and the period itself', () => {
    const dax = daxOf('Unaccounted for')
    const freed = [...dax.matchAll(/REMOVEFILTERS\(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(',').map((name) => name.trim()))
    const visible = (fact: string) => model.tables.filter(({ name }) => name === fact)
      .flatMap((table) => table.columns.filter(({ isHidden }) => !isHidden).map(({ name }) => `${fact}[${name}]`))
    expect(freed.sort()).toEqual(['Dates', 'Snapshots', ...visible('Changes'), ...visible('MissingKbs')].sort())
    expect(dax).toMatch(/^CALCULATE\(\s*\[Missing at end\] - \(\[Missing at start\] \+ \[Appeared\] - \[Resolved\]\),\s*REMOVEFILTERS/)
    // Which days the period has is chosen in a table that no relationship leads to or from, so that nothing removes it.
    for (const end of ['Period start', 'Period end']) expect(daxReferences(daxOf(end)).columns).toContain('Period.Day')
    expect(model.relationships.flatMap(({ from, to }) => [from, to]).filter((name) => name.startsWith('Period.'))).toEqual([])
  })

  it('never free a fact as a whole, which would free the machines and KBs that filter it as well', () => {
    for (const { name, dax } of measures) expect(dax, name).not.toMatch(/\b(REMOVEFILTERS|ALL)\((Changes|MissingKbs|KbTotals)\)/)
  })

  it('call nothing patched but what was installed, and count every age from the exposure', () => {
    for (const { name, dax } of measures) {
      if (/Installed|Installs|install/.test(name)) expect(dax, name).not.toContain('superseded')
      expect(dax.replace(/MissingKbs\[Days missing\](?=[,\n])/g, '').replace('Changes[Days missing]', ''), name).not.toMatch(/\[Days missing\]/)
      expect(dax, name).not.toMatch(/DATEDIFF\(MissingKbs\[First missing at\]/)
    }
  })
})
