import { odata } from '@azure/data-tables'
import { deleteSpan } from './delete-span.ts'
import { keyRange, monthOf, type TenantKeys } from './keys.ts'
import type { Table } from './table.ts'

/** The tables that hold rows of every tenant, beside the months' and the snapshots that tell which months there are. */
const TABLES = ['missingkbs', 'machines', 'kbs', 'kbtotals', 'trends', 'kbtrends', 'names', 'exports'] as const

/**
 * Deletes all rows of a tenant but its own, page by page: how many of each page. Tables are shared by all tenants, so rows go by the range of
 * keys that begin with this one. Begun again, it goes on where it was.
 */
export async function* deleteTenantRows(table: (name: string) => Table, { own }: TenantKeys): AsyncGenerator<number> {
  const { to } = keyRange(own)
  const span = { from: { partition: own, row: '' }, to: { partition: to, row: '' } }
  const snapshots = table('snapshots')
  for (const month of await monthsOf(snapshots, own)) yield* deleteSpan(table(`changes${month}`), span)
  for (const name of TABLES) yield* deleteSpan(table(name), span)
  yield* deleteSpan(snapshots, span)
}

async function monthsOf(snapshots: Table, partition: string): Promise<Set<string>> {
  const months = new Set<string>()
  const query = { filter: odata`PartitionKey eq ${partition}`, select: ['PartitionKey', 'RowKey'] }
  for await (const { rowKey } of snapshots.rows(query)) if (/^\d{8}T/.test(rowKey)) months.add(monthOf(rowKey))
  return months
}
