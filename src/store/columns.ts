import { z } from 'zod'
import type { Attribute, Attributes, AttributesOf } from '../domain/index.ts'
import { parseJson } from '../parse-json.ts'
import { StoreError } from './store-error.ts'

/**
 * What a table property may hold, and how it is told from the wire: `decode` answers undefined for what it cannot be. Declaring a table is
 * a literal of these. Nothing is '' or -1 here and nowhere else: a null in a Merge leaves the old value in place, so it could never be cleared.
 * https://learn.microsoft.com/rest/api/storageservices/merge-entity
 */
export interface Column<T> {
  encode(value: T): string | number | boolean
  decode(stored: unknown): T | undefined
}

/** Columns for every property of a row. */
export type ColumnsOf<Row> = { readonly [Name in keyof Row]-?: Column<Row[Name]> }

/** Non-null text; absent reads as ''. */
export const text: Column<string> = {
  encode: (value) => value,
  decode: (stored) => (stored === undefined ? '' : typeof stored === 'string' ? stored : undefined),
}

export const optionalText: Column<string | null> = {
  encode: (value) => value ?? '',
  decode: (stored) => (isNothing(stored) ? null : typeof stored === 'string' ? stored : undefined),
}

/** One of some words. What is not there reads as `absent`; without one, and for any other word, the row cannot be read. */
export function word<const W extends string>(words: readonly W[], absent?: W): Column<W> {
  return { encode: (value) => value, decode: (stored) => (isNothing(stored) ? absent : words.find((known) => known === stored)) }
}

export function optionalWord<const W extends string>(words: readonly W[]): Column<W | null> {
  return { encode: (value) => value ?? '', decode: (stored) => (isNothing(stored) ? null : words.find((known) => known === stored)) }
}

/** A 32-bit integer; absent reads as 0. */
export const integer: Column<number> = {
  encode: (value) => value,
  decode: (stored) => (stored === undefined ? 0 : typeof stored === 'number' ? stored : undefined),
}

/** A non-negative integer or null, stored as -1 for null. */
export const optionalInteger: Column<number | null> = {
  encode: (value) => value ?? -1,
  decode: (stored) => (stored === undefined || stored === -1 ? null : typeof stored === 'number' ? stored : undefined),
}

export const flag: Column<boolean> = {
  encode: (value) => value,
  decode: (stored) => (stored === undefined ? false : typeof stored === 'boolean' ? stored : undefined),
}

/** Anything that a schema takes, as JSON text; `absent` is stored as nothing. */
export function json<T>(schema: z.ZodType<T>, absent: T, isAbsent: (value: T) => boolean): Column<T> {
  const decodeText = (stored: string) => {
    const parsed = schema.safeParse(parseJson(stored))
    return parsed.success ? parsed.data : undefined
  }
  return {
    encode: (value) => (isAbsent(value) ? '' : JSON.stringify(value)),
    decode: (stored) => (isNothing(stored) ? absent : typeof stored === 'string' ? decodeText(stored) : undefined),
  }
}

/** A list of strings; absent reads as []. */
export const textList = json<readonly string[]>(z.array(z.string()), [], (list) => list.length === 0)

const isNothing = (stored: unknown) => stored === undefined || stored === ''

const ATTRIBUTE_COLUMNS = { text: optionalText, address: optionalText, count: optionalInteger, textList } satisfies Record<
  Attribute['kind'],
  unknown
>

/** The columns of attributes that stand in the domain. */
export function attributeColumns<A extends Attributes>(attributes: A): ColumnsOf<AttributesOf<A>> {
  const columns = Object.entries(attributes).map(([name, { kind }]) => [name, ATTRIBUTE_COLUMNS[kind]] as const)
  return Object.fromEntries(columns) as unknown as ColumnsOf<AttributesOf<A>>
}

export type StoredProperties = Record<string, string | number | boolean>

/** Encodes the given values only, so that a Merge touches nothing else. */
export function encodeValues<Row extends object>(columns: ColumnsOf<Row>, values: Partial<Row>): StoredProperties {
  const stored: StoredProperties = {}
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) stored[name] = columnOf(columns, name).encode(value)
  }
  return stored
}

/**
 * Decodes every column, or those of the given names. The service shows a selected property that a row lacks as null: absent all the same.
 * A property that is not what was declared is a `StoreError`: someone else wrote to the table.
 */
export function decodeValues<Row extends object, Name extends keyof Row = keyof Row>(
  columns: ColumnsOf<Row>,
  stored: Record<string, unknown>,
  names: readonly Name[] = Object.keys(columns) as Name[],
): Pick<Row, Name> {
  const values: Record<string, unknown> = {}
  for (const name of names as readonly string[]) {
    const value = columnOf(columns, name).decode(stored[name] ?? undefined)
    if (value === undefined) throw new StoreError(`a row has a ${typeof stored[name]} in ${name} that it cannot have`, 'UnexpectedType')
    values[name] = value
  }
  return values as Pick<Row, Name>
}

function columnOf(columns: object, name: string): Column<unknown> {
  const column = (columns as Record<string, Column<unknown> | undefined>)[name]
  if (!column) throw new StoreError(`no column is named ${name}`, 'UnknownColumn')
  return column
}
