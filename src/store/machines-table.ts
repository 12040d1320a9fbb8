import { firstRows } from './first-rows.ts'
import { odata } from '@azure/data-tables'
import type { Machine, MachineGap, MachineListing, MachineOutcome, UnstoredOutcome } from '../domain/index.ts'
import { type EncodedRow } from './batch.ts'
import { encodeValues } from './columns.ts'
import { type KeySpan, type SpanPage, toSpanPage } from './key-span.ts'
import type { TenantKeys } from './keys.ts'
import { type MachineColumn, machineFormat, type MachineValues } from './machine-format.ts'
import type { StoredRow } from './stored-row.ts'
import type { Table } from './table.ts'

/** A machine's id and some of its columns. */
export type SelectedMachine<C extends MachineColumn> = Pick<Machine, 'machineId' | C>

/** The machines of a tenant: attributes, last listed and observed, state, cached missing KBs. */
export class MachinesTable {
  readonly #table: Table
  readonly #partitionKey: string

  constructor(table: Table, keys: TenantKeys) {
    this.#table = table
    this.#partitionKey = keys.own
  }

  async get(machineId: string): Promise<Machine | undefined> {
    const stored = await this.#table.get(this.#partitionKey, machineId)
    return stored && this.#read(stored)
  }

  /** Pages of machines in id order, those after a machine. */
  async *pages({ after = null, pageSize }: { after?: string | null; pageSize?: number } = {}): AsyncGenerator<Machine[]> {
    for await (const page of this.#table.pages({ filter: this.#behind(after), ...(pageSize && { pageSize }) })) yield this.#readAll(page)
  }

  /** The first machines in id order whose id begins with a text. */
  async startingWith(beginning: string, limit: number): Promise<SelectedMachine<'computerDnsName'>[]> {
    const filter = odata`PartitionKey eq ${this.#partitionKey} and RowKey ge ${beginning} and RowKey lt ${`${beginning}~`}`
    const query = { filter, select: ['RowKey', 'computerDnsName'] }
    return firstRows(this.#table, query, limit, (stored) => this.#read(stored, ['computerDnsName'] as const))
  }

  /** Machines in id order from a place up to another one, exclusive, with all columns or those of `select`. */
  async *span<C extends MachineColumn = MachineColumn>(
    { from, to }: KeySpan,
    select?: readonly C[],
  ): AsyncGenerator<SpanPage<SelectedMachine<C>>> {
    const partition = this.#partitionKey
    const span = { from: { ...from, partition }, to: { ...to, partition } }
    const query = select ? { select: ['RowKey', ...select] } : {}
    for await (const page of this.#table.spanPages(span, query))
      yield toSpanPage(
        page,
        () => '',
        (stored) => this.#read(stored, select),
      )
  }

  /** Machines in id order after one that owe this snapshot one more attempt. */
  async *toRetry(snapshotId: string, after: string | null): AsyncGenerator<Machine[]> {
    const filter = this.#behind(after) + odata` and retryInSnapshotId eq ${snapshotId}`
    for await (const page of this.#table.pages({ filter })) yield this.#readAll(page)
  }

  /**
   * Machines in id order after one that this snapshot has not settled and that are not known to be gone: those its listing did not
   * bring, and those of unwanted platforms.
   *
   * A machine that was never settled has no `settledSnapshotId` and no `state` yet, and no comparison with a property that is not
   * there is true, `ne` neither; `not` takes such a machine in.
   * https://github.com/Azure/Azurite/issues/1929 https://github.com/Azure/azure-storage-net/issues/696
   */
  async *unsettled(snapshotId: string, after: string | null): AsyncGenerator<Machine[]> {
    const open = odata` and not (settledSnapshotId eq ${snapshotId}) and not (state eq ${'removed'}) and not (filteredOut eq ${true})`
    for await (const page of this.#table.pages({ filter: this.#behind(after) + open })) yield this.#readAll(page)
  }

  /** Merges what the listing said; what earlier observations left stays. The ids of those whose rows the storage does not take. */
  async list(machines: readonly MachineListing[]): Promise<Set<string>> {
    return this.#merge(machines)
  }

  /** Merges how machines ended in a snapshot; 100 to a transaction. The ids of those whose rows the storage does not take. */
  async settle(machines: readonly (MachineOutcome | UnstoredOutcome)[]): Promise<Set<string>> {
    return this.#merge(machines)
  }

  /** Merges which gaps machines are in. */
  async noteGaps(machines: readonly MachineGap[]): Promise<void> {
    await this.#merge(machines)
  }

  async #merge(machines: readonly (MachineListing | MachineOutcome | UnstoredOutcome | MachineGap)[]): Promise<Set<string>> {
    const encode = ({ machineId, ...values }: (typeof machines)[number]): EncodedRow => {
      return { partitionKey: this.#partitionKey, rowKey: machineId, ...encodeValues<MachineValues>(machineFormat.columns, values) }
    }
    const refused = await this.#table.upsert(machines.map(encode), 'Merge')
    return new Set(refused.map(({ rowKey }) => rowKey))
  }

  #readAll(page: readonly StoredRow[]): Machine[] {
    return page.map((stored) => this.#read(stored)).filter((machine) => machine !== undefined)
  }

  #read<C extends MachineColumn = MachineColumn>(stored: StoredRow, select?: readonly C[]): SelectedMachine<C> | undefined {
    const values = this.#table.read<MachineValues, C>(machineFormat, stored, select)
    return values && (Object.assign(values, { machineId: stored.rowKey }) as SelectedMachine<C>)
  }

  #behind(machineId: string | null): string {
    return odata`PartitionKey eq ${this.#partitionKey} and RowKey gt ${machineId ?? ''}`
  }
}
