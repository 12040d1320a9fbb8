import type { ColumnsOf } from './columns.ts'
import { columnOf } from './columns.ts'
import { StoreError } from './store-error.ts'
import type { StoredRow } from './stored-row.ts'

/** How the rows of a table are read. */
export interface RowFormat<Row extends object> {
  columns: ColumnsOf<Row>
  /** Whether a row has a key that it can have; without it, any. One that has not is somebody else's, and costs the row. */
  isKey?: (rowKey: string) => boolean
  /**
   * What stands for properties that cannot be read, and for others that mean nothing without them. Never what would pass for a machine that
   * misses nothing, or for an interval that has ended. A damaged property that is not among them costs the row.
   */
  repair?: (damaged: ReadonlySet<string>, stored: StoredRow) => Partial<Row>
  /** Of the properties that were read, those that contradict each other or the key: as damaged as one that cannot be read. */
  contradictory?: (values: Partial<Row>, stored: StoredRow) => readonly (keyof Row & string)[]
}

/** A row that holds what its table never wrote: someone else did. Properties by name, never by value. */
export interface DamagedRow {
  table: string
  partitionKey: string
  rowKey: string
  /** Each with the type that was found: `missing: object`. */
  properties: string[]
  /** Nothing of the row is shown or counted. Otherwise something safe stands for the properties, and the next write puts them right. */
  isLost: boolean
}

export type OnDamage = (row: DamagedRow) => void

export type ReadRow<Values> = { kind: 'read'; values: Values; damaged: string[] } | { kind: 'lost'; damaged: string[] }

/** Reads every property, or those of the given names. The service shows a selected property that a row lacks as null: absent all the same. */
export function readRow<Row extends object, Name extends keyof Row = keyof Row>(
  format: RowFormat<Row>,
  stored: StoredRow,
  names: readonly Name[] = Object.keys(format.columns) as Name[],
): ReadRow<Pick<Row, Name>> {
  if (format.isKey?.(stored.rowKey) === false) return { kind: 'lost', damaged: ['RowKey: string'] }
  const { values, damaged } = decode(format, stored, names as readonly string[])
  if (damaged.size === 0) return { kind: 'read', values: values as Pick<Row, Name>, damaged: [] }
  const found = [...damaged].map((name) => `${name}: ${typeof stored[name]}`)
  const repaired = (format.repair?.(damaged, stored) ?? {}) as Record<string, unknown>
  if ([...damaged].some((name) => !Object.hasOwn(repaired, name))) return { kind: 'lost', damaged: found }
  for (const name of names as readonly string[]) if (Object.hasOwn(repaired, name)) values[name] = repaired[name]
  return { kind: 'read', values: values as Pick<Row, Name>, damaged: found }
}

/** The properties that can be read, and the names of those that cannot, or that others contradict. */
function decode<Row extends object>({ columns, contradictory }: RowFormat<Row>, stored: StoredRow, names: readonly string[]) {
  const values: Record<string, unknown> = {}
  const damaged = new Set<string>()
  for (const name of names) {
    const value = columnOf(columns, name).decode(stored[name] ?? undefined)
    if (value === undefined) damaged.add(name)
    else values[name] = value
  }
  for (const name of contradictory?.(values as Partial<Row>, stored) ?? []) damaged.add(name)
  return { values, damaged }
}

/** What a row without any property reads as; columns that have to be there are left out. */
export function absentValues<Row extends object>(columns: ColumnsOf<Row>): Partial<Row> {
  const values = Object.keys(columns).map((name) => [name, columnOf(columns, name).decode(undefined)] as const)
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Partial<Row>
}

/** Of safe values, those for damaged properties. */
export function forDamaged<Row extends object>(damaged: ReadonlySet<string>, safe: Partial<Row>): Partial<Row> {
  return Object.fromEntries(Object.entries(safe).filter(([name]) => damaged.has(name))) as Partial<Row>
}

/** For whoever has no log: the first damaged row is an error. */
export const refuseDamage: OnDamage = ({ table, properties }) => {
  throw new StoreError(`a row of ${table} has properties that it cannot have (${properties.join(', ')})`, 'UnexpectedType')
}
