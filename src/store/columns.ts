import { StoreError } from './store-error.ts'

/** What a table property may hold, and how it is told from the wire. Declaring a table is a literal of these. */
interface Column<T> {
  encode(value: T): string | number | boolean
  decode(stored: unknown): T | undefined
}

/** Non-null text; absent reads as ''. */
export const text: Column<string> = {
  encode: (value) => value,
  decode: (stored) => (stored === undefined ? '' : typeof stored === 'string' ? stored : undefined),
}

/**
 * Text or null. Stored as '' for null: a null in a Merge leaves the old value in place, so it could never be cleared.
 * https://learn.microsoft.com/rest/api/storageservices/merge-entity
 */
export const optionalText: Column<string | null> = {
  encode: (value) => value ?? '',
  decode: (stored) => (stored === undefined || stored === '' ? null : typeof stored === 'string' ? stored : undefined),
}

/** A 32-bit integer; absent reads as 0. */
export const integer: Column<number> = {
  encode: (value) => value,
  decode: (stored) => (stored === undefined ? 0 : typeof stored === 'number' ? stored : undefined),
}

/** A non-negative integer or null, stored as -1 for null (see `optionalText`). */
export const optionalInteger: Column<number | null> = {
  encode: (value) => value ?? -1,
  decode: (stored) => (stored === undefined || stored === -1 ? null : typeof stored === 'number' ? stored : undefined),
}

export const flag: Column<boolean> = {
  encode: (value) => value,
  decode: (stored) => (stored === undefined ? false : typeof stored === 'boolean' ? stored : undefined),
}

/** A list of strings as JSON text; absent reads as []. */
export const textList: Column<readonly string[]> = {
  encode: (value) => (value.length === 0 ? '' : JSON.stringify(value)),
  decode: (stored) => {
    if (stored === undefined || stored === '') return []
    return typeof stored === 'string' ? (JSON.parse(stored) as string[]) : undefined
  },
}

export type Columns = Record<string, Column<unknown>>
export type Values<C> = { -readonly [K in keyof C]: C[K] extends Column<infer T> ? T : never }

export type StoredProperties = Record<string, string | number | boolean>

/** Encodes the given values only, so that a Merge touches nothing else. */
export function encodeValues<C extends Columns>(columns: C, values: Partial<Values<C>>): StoredProperties {
  const stored: StoredProperties = {}
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) stored[name] = columnOf(columns, name).encode(value)
  }
  return stored
}

/**
 * Decodes every column. The service shows a selected property that a row lacks as null: absent all the same. A property of another
 * type than declared is a `StoreError`: someone else wrote to the table.
 */
export function decodeValues<C extends Columns>(columns: C, stored: Record<string, unknown>): Values<C> {
  const values: Record<string, unknown> = {}
  for (const name in columns) {
    const value = columnOf(columns, name).decode(stored[name] ?? undefined)
    if (value === undefined) throw new StoreError(`a row has a ${typeof stored[name]} in ${name}`, 'UnexpectedType')
    values[name] = value
  }
  return values as Values<C>
}

function columnOf(columns: Columns, name: string): Column<unknown> {
  const column = columns[name]
  if (!column) throw new StoreError(`no column is named ${name}`, 'UnknownColumn')
  return column
}
