import { describe, expect, it } from 'vitest'
import { type EdmType, type EntitySet, entitySets } from '../../src/feed/model.ts'
import { columnsByName, readSemanticModel, type Table } from '../support/powerbi/semantic-model.ts'

const model = readSemanticModel()
const columns = columnsByName(model)
const feedTables = entitySets.map((set) => [set.name, set, model.tables.find(({ name }) => name === set.name)] as const)

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
  Snapshots: ['tenantId', 'source', 'activeSeconds', 'slices', 'apiCalls', 'apiThrottled', 'apiRetries'],
  // Nothing in the report joins or shows them.
  Machines: ['aadDeviceId', 'lastObservedSnapshotId'],
  // Instants within a snapshot are nearly unique, so they compress worst.
  MissingKbs: ['lastMissingAt', 'appearedObservedAt', 'resolvedObservedAt'],
  Changes: ['observedAt', 'appearedSnapshotId', 'firstMissingAt', 'lastMissingAt'],
}

/** Columns that the queries add, and their type. */
const ADDED: Record<string, string> = { 'Snapshots.startedDate': 'dateTime' }

describe('the semantic model', () => {
  it.each(feedTables)('has a table for the set %s, with its columns and their types', (name, set, table) => {
    const expected = set.properties
      .filter((property) => !LEFT_OUT[name]?.includes(property.name))
      .map(({ name, type, description }) => ({ name, sourceColumn: name, dataType: DATA_TYPES[type], description }))
    const found = table?.columns.filter((column) => !(`${name}.${column.name}` in ADDED)) ?? []
    expect(found.map(({ name, sourceColumn, dataType, description }) => ({ name, sourceColumn, dataType, description }))).toEqual(expected)
  })

  it('leaves out only what the feed has', () => {
    for (const [name, set] of feedTables) {
      for (const left of LEFT_OUT[name] ?? []) expect(set.properties.map((property) => property.name)).toContain(left)
    }
  })

  it('has the columns that the queries add', () => {
    for (const [column, dataType] of Object.entries(ADDED)) expect(columns.get(column)?.dataType).toBe(dataType)
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
    expect(sorted).toEqual(['Dates.monthStart'])
    for (const column of sorted) expect(columns.has(column)).toBe(true)
  })

  it('makes no date tables of its own, and has one that is marked', () => {
    expect(model.annotations.get('__PBI_TimeIntelligenceEnabled')).toBe('0')
    const dateTables = model.tables.filter(({ isDateTable }) => isDateTable)
    expect(dateTables.map(({ name, columns }) => [name, columns.filter(({ isKey }) => isKey).map(({ name, dataType }) => [name, dataType])]))
      .toEqual([['Dates', [['date', 'dateTime']]]])
  })
})

describe('the relationships', () => {
  const keyOf = (set: EntitySet) => (set.key.length === 1 ? `${set.name}.${set.key[0]}` : undefined)
  const keys = new Set([...entitySets.map(keyOf), 'Dates.date'])

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
      machineId: 'Machines.machineId', kbId: 'Kbs.kbId', snapshotId: 'Snapshots.snapshotId',
      appearedSnapshotId: 'Snapshots.snapshotId', resolvedSnapshotId: 'Snapshots.snapshotId',
    }
    const ids = ['MissingKbs', 'Changes', 'KbTotals'].flatMap((fact) =>
      model.tables.filter(({ name }) => name === fact).flatMap(({ columns }) => columns.filter(({ name }) => name in dimensionOf).map(({ name }) => `${fact}.${name}`)))
    expect(ids).toHaveLength(9)
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
