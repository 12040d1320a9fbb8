import { z } from 'zod'
import { type Attribute, type Attributes, type AttributesOf, isSnapshotId, snapshotIdAfter } from '../domain/index.ts'
import { parseJson } from '../parse-json.ts'
import { StoreError } from './store-error.ts'

/**
 * What a table property may hold, and how it is told from the wire: `decode` answers undefined for what it cannot be. Declaring a table is
 * a literal of these. Nothing is '' or -1 here and nowhere else: a null in a Merge leaves the old value in place, so it could never be cleared.
 * https://learn.microsoft.com/rest/api/storageservices/merge-entity
 */
export interface Column<T> {
  encode(this: void, value: T): string | number | boolean
  decode(this: void, stored: unknown): T | undefined
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

/** An instant that decides when something is done: a text that is none says nothing, and may not stop everything. */
export const optionalInstant: Column<string | null> = {
  encode: (value) => optionalText.encode(value),
  decode: (stored) => {
    const value = optionalText.decode(stored)
    return typeof value === 'string' && Number.isNaN(Date.parse(value)) ? null : value
  },
}

/** The id of a snapshot that another one can follow; a text that is none, which somebody else wrote, reads as `otherwise`. */
export function optionalSnapshotId(otherwise: string | null = null): Column<string | null> {
  return {
    encode: (value) => optionalText.encode(value),
    decode: (stored) => {
      const value = optionalText.decode(stored)
      return typeof value === 'string' && !(isSnapshotId(value) && isSnapshotId(snapshotIdAfter(value, 1))) ? otherwise : value
    },
  }
}

/** One of some words. What is not there reads as `absent`; without one, and for any other word, the row cannot be read. */
export function word<const W extends string>(words: readonly W[], absent?: W): Column<W> {
  return { encode: (value) => value, decode: (stored) => (isNothing(stored) ? absent : words.find((known) => known === stored)) }
}

export function optionalWord<const W extends string>(words: readonly W[]): Column<W | null> {
  return { encode: (value) => value ?? '', decode: (stored) => (isNothing(stored) ? null : words.find((known) => known === stored)) }
}

const INT32_MAX = 2 ** 31 - 1

/** A count beyond 32 bits, as after a clock that jumped, would refuse its row in every tick. */
const int32 = (value: number) => Math.min(Math.max(Math.trunc(value), -INT32_MAX), INT32_MAX)

/** A 32-bit integer; absent reads as 0. */
export const integer: Column<number> = {
  encode: int32,
  decode: (stored) => (stored === undefined ? 0 : numberOf(stored)),
}

/** A non-negative integer or null, stored as -1 for null. */
export const optionalInteger: Column<number | null> = {
  encode: (value) => (value === null ? -1 : int32(value)),
  decode: (stored) => {
    const value = stored === undefined ? -1 : numberOf(stored)
    return value === -1 ? null : value
  },
}

/** Other tools save a number as Int64, which the SDK gives as a bigint. https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model */
function numberOf(stored: unknown): number | undefined {
  if (typeof stored === 'number') return stored
  const isSafe = typeof stored === 'bigint' && Number.isSafeInteger(Number(stored))
  return isSafe ? Number(stored) : undefined
}

export const flag: Column<boolean> = {
  encode: (value) => value,
  decode: (stored) => (stored === undefined ? false : typeof stored === 'boolean' ? stored : undefined),
}

/** true, false, or null where nothing can be said. */
export const optionalFlag: Column<boolean | null> = {
  encode: (value) => (value === null ? '' : value ? 'true' : 'false'),
  decode: (stored) => (isNothing(stored) ? null : stored === 'true' ? true : stored === 'false' ? false : undefined),
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

/** The column of a name. Throws a `StoreError` where a table has none: a mistake of this program. */
export function columnOf(columns: object, name: string): Column<unknown> {
  const column = (columns as Record<string, Column<unknown> | undefined>)[name]
  if (!column) throw new StoreError(`no column is named ${name}`, 'UnknownColumn')
  return column
}
