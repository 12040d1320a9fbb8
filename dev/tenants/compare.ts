import { TableClient } from '@azure/data-tables'
import { comparableRows, type Rows } from '../comparable-rows.ts'
import type { TenantServices } from './services.ts'

const TABLES = ['snapshots', 'machines', 'missingkbs', 'changes202603', 'kbs', 'kbtotals', 'trends', 'kbtrends', 'names']

/** Rows of all tenants in the tables of a prefix, without what depends on how they were taken. */
export function rowsOf({ tableConnection }: TenantServices, prefix: string): Promise<Rows> {
  const open = (name: string) => TableClient.fromConnectionString(tableConnection, `${prefix}${name}`, { allowInsecureConnection: true })
  return comparableRows(open, TABLES)
}

/** Keys of rows that are not as in the rows given, or are there and should not, or are not and should. */
export async function differencesOf(services: TenantServices, rows: Rows, prefix: string): Promise<string[]> {
  const others = await rowsOf(services, prefix)
  const textOf = (row: object | undefined) =>
    row && JSON.stringify(Object.entries(row).toSorted(([one], [other]) => (one < other ? -1 : 1)))
  return [...new Set([...rows.keys(), ...others.keys()])].filter((key) => textOf(rows.get(key)) !== textOf(others.get(key)))
}
