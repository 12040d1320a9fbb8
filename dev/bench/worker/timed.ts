import type { TableEntityResult } from '@azure/data-tables'
import { createCredential } from '../../../src/defender/index.ts'
import type { OneTenantServices } from '../../../src/program.ts'
import { tableOpener } from '../../../src/store/open-table.ts'

/** The program of the worker, opened when it is first asked for. */
export type Program = () => OneTenantServices

export async function timedRows(read: () => Promise<number>): Promise<{ milliseconds: number; rows: number }> {
  const startedAt = performance.now()
  const rows = await read()
  return { milliseconds: performance.now() - startedAt, rows }
}

/** Pages of a table as the SDK alone reads them, with nothing of the program's store in between. */
export function barePages<Row extends object>(program: Program, name: string, filter: string): AsyncIterable<TableEntityResult<Row>[]> {
  const table = tableOpener(program().config.storage, () => createCredential())(name)
  return table.listEntities<Row>({ queryOptions: { filter } }).byPage({ maxPageSize: 1000 })
}
