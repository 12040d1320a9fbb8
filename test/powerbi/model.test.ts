import { describe, expect, it } from 'vitest'
import type { EdmType, EntitySet } from '../../src/feed/model.ts'
import { columnsByName, readSemanticModel, reportSets, type Table, tableOfSet } from '../support/powerbi/semantic-model.ts'

const model = readSemanticModel()
const columns = columnsByName(model)
const feedTables = reportSets.map((set) => [set.name, set, tableOfSet(model, set.name)] as const)

const DATA_TYPES: Record<EdmType, string> = {
  'Edm.String': 'string',
  'Edm.Int32': 'int64',
  'Edm.Double': 'double',
  'Edm.Boolean': 'boolean',
  // The queries turn it into UTC; the model knows no offsets.
  'Edm.DateTimeOffset': 'dateTime',
}

/** What the model does without: every column costs memory in each row. */
const LEFT_OUT: Record<string, readonly string[]> = {
  // One tenant, one source; how the run went is for the API.
  // What an export adds is on the page and in the feed, and not in the report yet.
  Snapshots: [
    ...['tenantId', 'source', 'activeSeconds', 'slices', 'apiCalls', 'apiThrottled', 'apiRetries'],
    ...['sourceTime', 'sampleMachines', 'sampleShare', 'sampleListsLike', 'sampleMoved', 'countsCompared', 'countsDiffer'],
  ],
  // Nothing in the report joins or shows them.
  Machines: ['aadDeviceId', 'lastObservedSnapshotId'],
  // Instants within a snapshot are nearly unique, so they compress worst.
  // What closed intervals lack, since they are read from Changes, open ones need not have.
  MissingKbs: [
    'appearedSnapshotId', 'lastMissingAt', 'resolvedSnapshotId', 'appearedReason', 'resolvedReason', 'appearedObservedAt', 'resolvedObservedAt',
    ...['derived', 'contains'],
  ],
  Changes: ['observedAt', 'appearedSnapshotId', 'lastMissingAt', 'derived'],
}

/** Columns that the queries add, and their type. */
const ADDED: Record<string, string> = { 'Snapshots.Started date': 'dateTime', 'Kbs.Cumulative products': 'string' }

describe('the semantic model', () => {
  it.each(feedTables)('has a table for the set %s, with its columns and their types', (name, set, table) => {
    const expected = set.properties
      .filter((property) => !LEFT_OUT[name]?.includes(property.name))
      .map(({ name, type, description }) => ({ sourceColumn: name, dataType: DATA_TYPES[type], description }))
    const found = table?.columns.filter((column) => !(`${name}.${column.name}` in ADDED)) ?? []
    expect(found.map(({ sourceColumn, dataType, description }) => ({ sourceColumn, dataType, description }))).toEqual(expected)
  })

  it('leaves out only what the feed has', () => {
    for (const [name, set] of feedTables) {
      for (const left of LEFT_OUT[name] ?? []) expect(set.properties.map((property) => property.name)).toContain(left)
    }
  })

  it('has the columns that the queries add', () => {
    for (const [column, dataType] of Object.entries(ADDED)) expect(columns.get(column)?.dataType).toBe(dataType)
  })

  it('names every column in words, and a measure as well', () => {
    for (const { name: table, columns, measures } of model.tables) {
      for (const { name } of [...columns, ...measures]) expect(name, `${table}.${name}`).toMatch(/^(90th|[A-Z][A-Za-z]*)(,? [a-zA-Z0-9]+)*$/)
      for (const { name } of columns) expect(name, table).toMatch(/^([A-Z][a-z]*|KBs?|OS|CVEs)( ([a-z]+|KBs?))*$/)
    }
  })

  it('makes MissingKbs of the open intervals and the closed ones, with the columns that both have', () => {
    const [made, open, changes] = ['MissingKbs', 'OpenIntervals', 'Changes'].map((name) => model.tables.find((table) => table.name === name))
    const essence = (table: Table | undefined) => table?.columns.map(({ name, dataType, description }) => ({ name, dataType, description })) ?? []
    const own = ['Exposed on', 'Outcome', 'Outcome order']
    expect(essence(made).filter(({ name }) => !own.includes(name))).toEqual(essence(open))
    const named: Record<string, string> = { 'Resolved at': 'At' }
    for (const { name, dataType } of essence(open).filter((column) => column.name !== 'Is open'))
      expect(changes?.columns.find((column) => column.name === (named[name] ?? name))?.dataType, name).toBe(dataType)
    expect(open?.isHidden).toBe(true)
  })

  it('lists every table once in its order, and names no other', () => {
    expect([...model.order].sort()).toEqual(model.tables.map(({ name }) => name).sort())
  })

  it('gives no two columns or measures of a table the same name, whatever the case', () => {
    for (const { name, columns, measures } of model.tables) {
      const names = [...columns, ...measures].map((named) => named.name.toLowerCase())
      expect(new Set(names).size, name).toBe(names.length)
    }
    const measures = model.tables.flatMap((table) => table.measures.map((measure) => measure.name.toLowerCase()))
    expect(new Set(measures).size).toBe(measures.length)
  })

  it('describes every table, visible column and measure', () => {
    for (const { name, description, columns, measures } of model.tables) {
      expect(description, name).not.toBe('')
      for (const named of [...columns.filter(({ isHidden }) => !isHidden), ...measures]) expect(named.description, `${name}.${named.name}`).not.toBe('')
    }
  })

  it('sorts by columns of the same table', () => {
    const sorted = model.tables.flatMap((table) => table.columns.flatMap(({ sortByColumn }) => (sortByColumn ? [`${table.name}.${sortByColumn}`] : [])))
    expect(sorted.sort()).toEqual(['Ages.From day', 'Dates.Month start', 'MissingKbs.Outcome order'])
    for (const column of sorted) expect(columns.get(column)?.isHidden).toBe(true)
    // A column may be made from the one that sorts it; the other way round, each would need the other first.
    const outcome = columns.get('MissingKbs.Outcome')
    expect([outcome?.dax.includes('[Outcome order]'), columns.get('MissingKbs.Outcome order')?.dax.includes('[Outcome]')]).toEqual([true, false])
  })

  it('makes no date tables of its own, and has one that is marked', () => {
    expect(model.annotations.get('__PBI_TimeIntelligenceEnabled')).toBe('0')
    const dateTables = model.tables.filter(({ isDateTable }) => isDateTable)
    expect(dateTables.map(({ name, columns }) => [name, columns.filter(({ isKey }) => isKey).map(({ name, dataType }) => [name, dataType])]))
      .toEqual([['Dates', [['Date', 'dateTime']]]])
  })
})

describe('the relationships', () => {
  const keyOf = (set: EntitySet) => {
    const key = tableOfSet(model, set.name)?.columns.find(({ sourceColumn }) => sourceColumn === set.key[0])
    return set.key.length === 1 ? `${set.name}.${key?.name}` : undefined
  }
  const keys = new Set([...reportSets.map(keyOf), 'Dates.Date'])

  it('join existing columns of the same type, many to a key', () => {
    for (const { name, from, to } of model.relationships) {
      expect(columns.get(from)?.dataType, `${name}: ${from}`).toBeDefined()
      expect(columns.get(from)?.dataType, name).toBe(columns.get(to)?.dataType)
      expect(keys, name).toContain(to)
      expect(columns.get(to)?.isKey, name).toBe(true)
    }
  })

  it('hide the columns on their many side, which would filter only their own table', () => {
    for (const { name, from } of model.relationships) expect(columns.get(from)?.isHidden, name).toBe(true)
  })

  it('join every id of a fact to its dimension', () => {
    const dimensionOf: Record<string, string> = {
      'Machine id': 'Machines.Machine id', KB: 'Kbs.KB', 'Snapshot id': 'Snapshots.Snapshot id',
    }
    const ids = ['MissingKbs', 'Changes', 'KbTotals'].flatMap((fact) =>
      model.tables.filter(({ name }) => name === fact).flatMap(({ columns }) => columns.filter(({ name }) => name in dimensionOf).map(({ name }) => `${fact}.${name}`)))
    expect(ids).toHaveLength(7)
    for (const id of ids) {
      expect(model.relationships.filter(({ from }) => from === id).map(({ to }) => to), id).toEqual([dimensionOf[id.split('.')[1] ?? '']])
    }
  })

  it('lead from one table to another by one active path at most', () => {
    for (const { name } of model.tables) {
      const reached = pathsFrom(name)
      expect(new Set(reached).size, `${name} reaches ${reached.join(', ')}`).toBe(reached.length)
    }
  })

  it('let dates filter changes and totals, but no intervals', () => {
    const filtersOf = (table: string): string[] =>
      model.relationships.filter(({ to, isActive }) => isActive && to.startsWith(`${table}.`)).flatMap(({ from }) => {
        const many = from.split('.')[0] ?? ''
        return [many, ...filtersOf(many)]
      })
    expect(filtersOf('Dates').sort()).toEqual(['Changes', 'KbTotals', 'Snapshots'])
  })

  /** Tables that a table's rows lead to, over active relationships, once per path. */
  function pathsFrom(table: Table['name']): string[] {
    return model.relationships.filter(({ from, isActive }) => isActive && from.startsWith(`${table}.`)).flatMap(({ to }) => {
      const one = to.split('.')[0] ?? ''
      return [one, ...pathsFrom(one)]
    })
  }
})
