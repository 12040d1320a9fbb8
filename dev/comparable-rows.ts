import type { TableClient } from '@azure/data-tables'
import { isTableMissing } from '../src/store/index.ts'

export type Rows = Map<string, Record<string, unknown>>

/**
 * What depends on when and in how many pieces the work was done, and not on what it came to: instants of answers, and the
 * counters of the work itself.
 */
const OF_THE_RUN = new Set([
  'etag',
  'timestamp',
  'observedAt',
  'appearedObservedAt',
  'resolvedObservedAt',
  'finishedAt',
  'slices',
  'calls',
  'retries',
  'throttled',
  'activeMilliseconds',
  'attempts',
  'listingFailures',
])

/** Every row of the given tables, by table and keys, without what depends on the run; rows of `tenants` are about the run only. */
export async function comparableRows(openTable: (name: string) => TableClient, tables: readonly string[]): Promise<Rows> {
  const rows: Rows = new Map()
  for (const table of tables) {
    for (const row of await rowsOf(openTable(table))) {
      const kept = Object.entries(row).filter(([name]) => !OF_THE_RUN.has(name))
      rows.set(`${table} ${String(row.partitionKey)} ${String(row.rowKey)}`, Object.fromEntries(kept))
    }
  }
  return rows
}

async function rowsOf(client: TableClient): Promise<Record<string, unknown>[]> {
  try {
    const rows: Record<string, unknown>[] = []
    for await (const row of client.listEntities<Record<string, unknown>>()) rows.push(row)
    return rows
  } catch (error) {
    if (isTableMissing(error)) return []
    throw error
  }
}
