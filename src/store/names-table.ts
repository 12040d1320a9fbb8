import { firstRows } from './first-rows.ts'
import { odata } from '@azure/data-tables'
import type { EncodedRow } from './batch.ts'
import { type ColumnsOf, encodeValues, text } from './columns.ts'
import { keyPart, rowKeys, type TenantKeys } from './keys.ts'
import type { Table } from './table.ts'

/** A machine by its display name. */
export interface MachineName {
  machineId: string
  name: string
}

/** A name that a machine has now, and the one that it had, if any. */
export type NewName = MachineName & { formerName: string | null }

const columns: ColumnsOf<Pick<MachineName, 'name'>> = { name: text }

/** Characters of a name by which it is found; longer ones are found by their beginning. */
const MOST_CHARACTERS = 80

/** The machines of a tenant by name in lower case, so that a name is found by its beginning. */
export class NamesTable {
  readonly #table: Table
  readonly #partitionKey: string

  constructor(table: Table, keys: TenantKeys) {
    this.#table = table
    this.#partitionKey = keys.own
  }

  /** The first machines in name order whose name begins with a text, whatever letter case it is in. */
  async startingWith(beginning: string, limit: number): Promise<MachineName[]> {
    const from = partOf(beginning)
    const filter = odata`PartitionKey eq ${this.#partitionKey} and RowKey ge ${from} and RowKey lt ${`${from}~`}`
    return firstRows(this.#table, { filter }, limit, (stored) => {
      const row = this.#table.read({ columns }, stored)
      return row && { machineId: stored.rowKey.slice(stored.rowKey.lastIndexOf('|') + 1), name: row.name }
    })
  }

  /** Writes machines under their names, and takes away those they had before. */
  async rename(names: readonly NewName[]): Promise<void> {
    const encode = ({ machineId, name }: MachineName): EncodedRow => ({
      partitionKey: this.#partitionKey,
      rowKey: rowKeys.name(partOf(name), machineId),
      ...encodeValues(columns, { name }),
    })
    await this.#table.upsert(names.map(encode), 'Replace')
    for (const { machineId, name, formerName } of names) {
      const isElsewhere = formerName !== null && partOf(formerName) !== partOf(name)
      if (isElsewhere) await this.#table.deleteRow(this.#partitionKey, rowKeys.name(partOf(formerName), machineId))
    }
  }
}

/** Each character is at most five in a key, which holds 512. */
const partOf = (name: string) => keyPart(name.toLowerCase().slice(0, MOST_CHARACTERS))
