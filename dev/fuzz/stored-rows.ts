import type { Cell, Damage, TableName } from './damage.ts'
import type { InProcessTables } from './in-process-tables.ts'

/** A row as it lies in its table, read by nothing of the program. */
export type Row = Record<string, unknown> & { partitionKey: string; rowKey: string }

export async function rowsOf(tables: InProcessTables, table: TableName | `changes${string}`): Promise<Row[]> {
  const rows: Row[] = []
  try {
    for await (const row of tables.open(table).listEntities<Row>()) rows.push(row)
  } catch (error) {
    if (!String(error).includes('TableNotFound')) throw error
  }
  return rows
}

/** A row that was tampered with. */
export interface Damaged {
  table: TableName
  partitionKey: string
  rowKey: string
}

const NOT_COLUMNS = new Set(['partitionKey', 'rowKey', 'etag', 'timestamp', 'odata.metadata'])

/** Tampers with a row, as a person with a storage explorer would; undefined where there is nothing to tamper with. */
export async function inflict(tables: InProcessTables, damage: Damage): Promise<Damaged | undefined> {
  const { table } = damage
  const rows = await rowsOf(tables, table)
  const row = rows[damage.row % Math.max(1, rows.length)]
  if (!row) return undefined
  const { partitionKey } = row
  const client = tables.open(table)
  switch (damage.kind) {
    case 'delete':
      await client.deleteEntity(partitionKey, row.rowKey)
      return { table, partitionKey, rowKey: row.rowKey }
    case 'add': {
      const { rowKey, cells } = damage
      await client.upsertEntity({ partitionKey, rowKey, ...given(cells) }, 'Merge')
      return { table, partitionKey, rowKey }
    }
    case 'set': {
      const columns = Object.keys(row).filter((name) => !NOT_COLUMNS.has(name))
      const nth = typeof damage.column === 'number' ? damage.column : columns.indexOf(damage.column)
      const column = columns[Math.max(0, nth) % Math.max(1, columns.length)] ?? 'x'
      const others = Object.fromEntries(Object.entries(row).filter(([name]) => !NOT_COLUMNS.has(name) && name !== column))
      await client.updateEntity({ partitionKey, rowKey: row.rowKey, ...others, ...given({ [column]: damage.cell }) }, 'Replace')
      return { table, partitionKey, rowKey: row.rowKey }
    }
  }
}

const given = (cells: Record<string, Cell>) => Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== undefined))
