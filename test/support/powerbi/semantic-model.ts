import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { entitySets } from '../../../src/feed/model.ts'
import { readTmdl, type TmdlObject, unquote } from './tmdl.ts'

export const POWERBI = fileURLToPath(new URL('../../../powerbi/', import.meta.url))
const DEFINITION = join(POWERBI, 'patchtrail.SemanticModel/definition')

/** The sets that the report reads. */
const UNREAD = new Set(['Gaps', 'Trends', 'TrendsByGroup', 'Cohorts', 'Tenants', 'TenantDays'])

export const reportSets = entitySets.filter(({ name }) => !UNREAD.has(name))

export interface Column {
  name: string
  dataType: string
  /** Empty for a calculated column. */
  sourceColumn: string
  /** Of a calculated column. */
  dax: string
  formatString: string
  sortByColumn: string | undefined
  isKey: boolean
  isHidden: boolean
  description: string
}

export interface Measure {
  name: string
  dax: string
  formatString: string
  description: string
}

export interface Table {
  name: string
  kind: string
  /** The partition's M or DAX. */
  source: string
  columns: Column[]
  measures: Measure[]
  refreshPolicy: TmdlObject | undefined
  isDateTable: boolean
  isHidden: boolean
  description: string
}

export interface Relationship {
  name: string
  from: string
  to: string
  isActive: boolean
}

export interface SemanticModel {
  tables: Table[]
  relationships: Relationship[]
  /** Shared M: parameters and functions. */
  expressions: Map<string, string>
  /** Names of `ref table`, in order. */
  order: string[]
  annotations: Map<string, string>
}

/** The project's model, as its TMDL files say. */
export function readSemanticModel(): SemanticModel {
  const read = (file: string) => readTmdl(readFileSync(join(DEFINITION, file), 'utf8'), file)
  const objects = [
    ...['database.tmdl', 'model.tmdl', 'relationships.tmdl', 'expressions.tmdl'].flatMap(read),
    ...readdirSync(join(DEFINITION, 'tables')).flatMap((file) => read(`tables/${file}`)),
  ]
  const ofKind = (kind: string) => objects.filter((object) => object.kind === kind)
  return {
    tables: ofKind('table').map(toTable),
    relationships: ofKind('relationship').map(toRelationship),
    expressions: new Map(ofKind('expression').map(({ name, value }) => [name, value])),
    order: ofKind('ref table').map(({ name }) => name),
    annotations: new Map(ofKind('annotation').map(({ name, value }) => [name, value])),
  }
}

function toTable({ name, description, properties, children }: TmdlObject): Table {
  const ofKind = (kind: string) => children.filter((child) => child.kind === kind)
  const partition = ofKind('partition')[0]
  if (!partition) throw new Error(`table ${name} has no partition`)
  return {
    name,
    description,
    kind: partition.value,
    source: partition.properties.get('source') ?? '',
    columns: ofKind('column').map(toColumn),
    measures: ofKind('measure').map(toMeasure),
    refreshPolicy: ofKind('refreshPolicy')[0],
    isDateTable: properties.get('dataCategory') === 'Time',
    isHidden: properties.has('isHidden'),
  }
}

function toColumn({ name, description, value, properties }: TmdlObject): Column {
  return {
    name,
    description,
    dataType: properties.get('dataType') ?? '',
    sourceColumn: properties.get('sourceColumn') ?? '',
    dax: value,
    formatString: properties.get('formatString') ?? '',
    sortByColumn: properties.has('sortByColumn') ? unquote(properties.get('sortByColumn') ?? '') : undefined,
    isKey: properties.has('isKey'),
    isHidden: properties.has('isHidden'),
  }
}

function toMeasure({ name, description, value, properties }: TmdlObject): Measure {
  return { name, description, dax: value, formatString: properties.get('formatString') ?? '' }
}

function toRelationship({ name, properties }: TmdlObject): Relationship {
  const end = (property: string) => (properties.get(property) ?? '').split('.').map(unquote).join('.')
  return { name, from: end('fromColumn'), to: end('toColumn'), isActive: properties.get('isActive') !== 'false' }
}

/** Every column as `Table.column`. */
export const columnsByName = ({ tables }: SemanticModel): Map<string, Column> =>
  new Map(tables.flatMap((table) => table.columns.map((column) => [`${table.name}.${column.name}`, column])))

export const measureNames = ({ tables }: SemanticModel) => new Set(tables.flatMap(({ measures }) => measures.map(({ name }) => name)))

/** The table that is filled from a set of the feed: that of the same name, but for intervals, of which only the open ones are read there. */
export const tableOfSet = ({ tables }: SemanticModel, set: string): Table | undefined =>
  tables.find(({ name }) => name === (set === 'MissingKbs' ? 'OpenIntervals' : set))
