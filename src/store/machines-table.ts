import { odata } from '@azure/data-tables'
import { byText, type Machine, MACHINE_STATES, type MachineListing, type MachineOutcome } from '../domain/index.ts'
import { type EncodedRow } from './batch.ts'
import { type Column, type ColumnsOf, decodeValues, encodeValues, flag, integer, optionalText, optionalWord, textList } from './columns.ts'
import { type KeySpan, type SpanPage, toSpanPage } from './key-span.ts'
import type { TenantKeys } from './keys.ts'
import type { StoredRow } from './stored-row.ts'
import type { Table } from './table.ts'

/** A string property holds 32K characters. https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model */
const CACHE_CHARACTERS = 30_000

/** Stands for a list of KB ids that is too long to be kept beside its machine. */
const UNCACHED = '*'

/** KB ids, sorted and space-separated: `5094127 5095051`. null, and ids that are too many, empty or hold a space, as `UNCACHED`. */
export const cachedIds: Column<readonly string[] | null> = {
  encode: (ids) => {
    const packed = ids === null ? UNCACHED : [...ids].sort(byText).join(' ')
    return packed.length > CACHE_CHARACTERS || ids?.some((id) => id === '' || id.includes(' ') || id === UNCACHED) ? UNCACHED : packed
  },
  decode: (stored) => {
    if (stored === undefined || stored === '') return []
    if (typeof stored !== 'string') return undefined
    return stored === UNCACHED ? null : stored.split(' ')
  },
}

type MachineValues = Omit<Machine, 'machineId'>
export type MachineColumn = keyof MachineValues

const columns: ColumnsOf<MachineValues> = {
  computerDnsName: optionalText,
  osPlatform: optionalText,
  version: optionalText,
  osBuild: optionalText,
  rbacGroupId: optionalText,
  rbacGroupName: optionalText,
  healthStatus: optionalText,
  onboardingStatus: optionalText,
  lastSeen: optionalText,
  firstSeen: optionalText,
  aadDeviceId: optionalText,
  machineTags: textList,
  lastListedSnapshotId: optionalText,
  wanted: flag,
  baseline: flag,
  filteredOut: flag,
  settledSnapshotId: optionalText,
  state: optionalWord(MACHINE_STATES),
  code: optionalText,
  detail: optionalText,
  status: integer,
  attempts: integer,
  retryInSnapshotId: optionalText,
  notOnboardedSnapshotId: optionalText,
  changedSnapshotId: optionalText,
  lastObservedSnapshotId: optionalText,
  observedAt: optionalText,
  observedLastSeen: optionalText,
  observedOsPlatform: optionalText,
  observedVersion: optionalText,
  missingKbIds: cachedIds,
  missing: integer,
  oldestMissingAt: optionalText,
}

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
    return stored && decode(stored)
  }

  /** Pages of machines in id order, those after a machine. */
  async *pages({ after = null, pageSize }: { after?: string | null; pageSize?: number } = {}): AsyncGenerator<Machine[]> {
    for await (const page of this.#table.pages({ filter: this.#behind(after), ...(pageSize && { pageSize }) }))
      yield page.map((stored) => decode(stored))
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
        (stored) => decode(stored, select),
      )
  }

  /** Machines in id order after one that owe this snapshot one more attempt. */
  async *toRetry(snapshotId: string, after: string | null): AsyncGenerator<Machine[]> {
    const filter = this.#behind(after) + odata` and retryInSnapshotId eq ${snapshotId}`
    for await (const page of this.#table.pages({ filter })) yield page.map((stored) => decode(stored))
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
    for await (const page of this.#table.pages({ filter: this.#behind(after) + open })) yield page.map((stored) => decode(stored))
  }

  /** Merges what the listing said; what earlier observations left stays. */
  async list(machines: readonly MachineListing[]): Promise<void> {
    await this.#merge(machines)
  }

  /** Merges how machines ended in a snapshot; 100 to a transaction. */
  async settle(machines: readonly MachineOutcome[]): Promise<void> {
    await this.#merge(machines)
  }

  async #merge(machines: readonly (MachineListing | MachineOutcome)[]): Promise<void> {
    const encode = ({ machineId, ...values }: MachineListing | MachineOutcome): EncodedRow => {
      return { partitionKey: this.#partitionKey, rowKey: machineId, ...encodeValues<MachineValues>(columns, values) }
    }
    await this.#table.upsert(machines.map(encode), 'Merge')
  }

  #behind(machineId: string | null): string {
    return odata`PartitionKey eq ${this.#partitionKey} and RowKey gt ${machineId ?? ''}`
  }
}

function decode<C extends MachineColumn = MachineColumn>(stored: StoredRow, select?: readonly C[]): SelectedMachine<C> {
  const values = decodeValues<MachineValues, C>(columns, stored, select)
  return Object.assign(values, { machineId: stored.rowKey }) as SelectedMachine<C>
}
