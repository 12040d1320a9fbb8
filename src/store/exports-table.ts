import { odata } from '@azure/data-tables'
import type { ExportedMachine } from '../domain/index.ts'
import type { EncodedRow } from './batch.ts'
import { type ExportBlock, fromBlock } from './export-block.ts'
import { deleteSpan } from './delete-span.ts'
import { keyAfter, keyRange, rowKeys, STATE_ROW, type TenantKeys } from './keys.ts'
import { fromPieces, pieceColumns, type Pieces, textRow } from './pieces.ts'
import type { RowFormat } from './read-row.ts'
import { StoreError } from './store-error.ts'
import type { Table } from './table.ts'

const format: RowFormat<Pieces> = { columns: pieceColumns }

/** What a snapshot has read of an export: how far it is, and runs of machines in the order of their ids. Gone when it ends. */
export class ExportsTable {
  readonly #table: Table
  readonly #keys: TenantKeys

  constructor(table: Table, keys: TenantKeys) {
    this.#table = table
    this.#keys = keys
  }

  /** How far the reading is; undefined before it has begun. */
  async state(snapshotId: string): Promise<string | undefined> {
    const stored = await this.#table.get(this.#keys.partition(snapshotId), STATE_ROW)
    const pieces = stored && this.#table.read(format, stored)
    return pieces && fromPieces(pieces)
  }

  async writeState(snapshotId: string, text: string): Promise<void> {
    await this.#write([textRow(this.#keys.partition(snapshotId), STATE_ROW, text)])
  }

  /** Writes a run. One of a slice that was killed is named by no state, and nobody reads it. */
  async writeRun(snapshotId: string, run: number, blocks: readonly ExportBlock[]): Promise<void> {
    const partitionKey = this.#keys.partition(snapshotId)
    await this.#write(blocks.map(({ lastMachineId, text }) => textRow(partitionKey, rowKeys.exported(run, lastMachineId), text)))
  }

  /** The machines of a run behind one, or all, in the order of their ids. Throws a `StoreError` where a row is none. */
  async *run(snapshotId: string, run: number, after: string | null): AsyncGenerator<ExportedMachine> {
    const { from, to } = keyRange(rowKeys.exportedRun(run))
    const begin = after === null ? from : rowKeys.exported(run, after)
    const filter = odata`PartitionKey eq ${this.#keys.partition(snapshotId)} and RowKey gt ${begin} and RowKey lt ${to}`
    for await (const stored of this.#table.rows({ filter, pageSize: 1 })) {
      const pieces = this.#table.read(format, stored)
      const machines = pieces && fromBlock(fromPieces(pieces))
      if (!machines) throw new StoreError(`a row of the export of ${snapshotId} cannot be read`, 'ExportUnreadable')
      for (const machine of machines) if (after === null || machine.machineId > after) yield machine
    }
  }

  /** Deletes what this snapshot and those before it have read. */
  async deleteUpTo(snapshotId: string): Promise<void> {
    const { own } = this.#keys
    const span = { from: { partition: own, row: '' }, to: { partition: keyAfter(this.#keys.partition(snapshotId)), row: '' } }
    for await (const _ of deleteSpan(this.#table, span));
  }

  async #write(rows: readonly EncodedRow[]): Promise<void> {
    const refused = await this.#table.upsert(rows, 'Replace')
    if (refused.length > 0) throw new StoreError('the storage refuses rows of an export', 'RowRefused')
  }
}
