import { checkProperties, type Properties } from './properties.ts'

/** A row as it is kept: millions of them fit, and a page is written by joining texts. */
export interface Row {
  /** Microseconds since the epoch; moves on with every write. */
  modifiedAt: number
  /** Its own properties with their type annotations, as JSON text of an object. */
  properties: string
}

/** Below every character that a key may hold, so that rows sort by PartitionKey, then RowKey. */
const KEY_SEPARATOR = '\u0000'
/** The least text above all keys of a partition. */
const AFTER_PARTITION = '\u0001'

export const keyOf = (partitionKey: string, rowKey: string) => partitionKey + KEY_SEPARATOR + rowKey
export const afterPartition = (partitionKey: string) => partitionKey + AFTER_PARTITION

export function keysOf(key: string): { partitionKey: string; rowKey: string } {
  const separator = key.indexOf(KEY_SEPARATOR)
  return { partitionKey: key.slice(0, separator), rowKey: key.slice(separator + 1) }
}

/** A row of these properties and no others; nulls are not stored. Throws ServiceError where the service would refuse it. */
export function createRow(key: string, properties: Properties, modifiedAt: number): Row {
  return { modifiedAt, properties: JSON.stringify(checkProperties(key, properties)) }
}

/** The row with these properties laid over its own; a null leaves the old value. */
export function mergeRow(key: string, row: Row, properties: Properties, modifiedAt: number): Row {
  const merged: Record<string, unknown> = { ...readProperties(row) }
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || name.includes('@')) continue
    merged[name] = value
    // With its value goes the old annotation too.
    merged[`${name}@odata.type`] = properties[`${name}@odata.type`]
  }
  return createRow(key, merged, modifiedAt)
}

export const readProperties = (row: Row) => JSON.parse(row.properties) as Properties

/** 1780272000000000 -> `2026-06-01T00:00:00.0000000Z`: the service has 100 ns, of which a microsecond leaves the last digit 0. */
export function timestampOf(row: Row): string {
  const milliseconds = Math.floor(row.modifiedAt / 1000)
  const micros = String(row.modifiedAt % 1000).padStart(3, '0')
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${micros}0Z`
}

export const etagOf = (row: Row) => `W/"datetime'${encodeURIComponent(timestampOf(row))}'"`

/** The row as the service shows it, with `odata=minimalmetadata`; only the selected properties where there is a selection. */
export function showRow(key: string, row: Row, select: ReadonlySet<string> | undefined, head = ''): string {
  const { partitionKey, rowKey } = keysOf(key)
  const etag = JSON.stringify(etagOf(row))
  if (select) return `{${head}"odata.etag":${etag},${JSON.stringify(selected(key, row, select)).slice(1)}`.replace(/,\}$/, '}')
  const keys = `"PartitionKey":${JSON.stringify(partitionKey)},"RowKey":${JSON.stringify(rowKey)},"Timestamp":"${timestampOf(row)}"`
  const own = row.properties === '{}' ? '}' : `,${row.properties.slice(1)}`
  return `{${head}"odata.etag":${etag},${keys}${own}`
}

/** The service shows a selected property that a row does not have as null. */
function selected(key: string, row: Row, select: ReadonlySet<string>): Record<string, unknown> {
  const all: Record<string, unknown> = { ...readProperties(row), ...systemProperties(key, row) }
  const shown: Record<string, unknown> = {}
  for (const name of select) {
    const annotation = `${name}@odata.type`
    if (all[annotation] !== undefined) shown[annotation] = all[annotation]
    shown[name] = all[name] ?? null
  }
  return shown
}

function systemProperties(key: string, row: Row): Record<string, unknown> {
  const { partitionKey, rowKey } = keysOf(key)
  return { PartitionKey: partitionKey, RowKey: rowKey, Timestamp: timestampOf(row) }
}
