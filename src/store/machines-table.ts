import { odata } from '@azure/data-tables'
import { type EncodedRow } from './batch.ts'
import { decodeValues, encodeValues, flag, integer, optionalText, text, textList, type Values } from './columns.ts'
import { type KeySpan, type SpanPage, toSpanPage } from './key-span.ts'
import { keys } from './keys.ts'
import type { StoredRow, Table } from './table.ts'

/** What Defender's listing says of a machine. */
const attributes = {
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
}

/** How the machine stands with the latest listing. */
const listing = {
  lastListedSnapshotId: text,
  /** Its platform is one of MACHINE_PLATFORMS. */
  wanted: flag,
  /** Listed by the tenant's first snapshot: its first observation is the baseline. */
  baseline: flag,
  /** It exists, but MACHINE_FILTER leaves it out of the listing: not asked for again until it is listed. */
  filteredOut: flag,
}

/** How the machine ended in the snapshot that settled it last. */
const outcome = {
  settledSnapshotId: text,
  /** '' until first settled. */
  state: text,
  code: text,
  detail: text,
  /** HTTP status of the last failed answer, 0 where there was none. */
  status: integer,
  attempts: integer,
  /** The snapshot that owes it one more attempt at its end, or ''. */
  retryInSnapshotId: text,
  /** The last snapshot that changed its intervals. */
  changedSnapshotId: text,
}

/** The latest observation: what the next one is compared with. */
const observation = {
  lastObservedSnapshotId: text,
  observedAt: text,
  /** `lastSeen` as it was known then: the evidence for `installed` against `reassessed`. */
  observedLastSeen: optionalText,
  /** Ids of the KBs missing, space-separated and sorted; `UNCACHED` when they would not fit. */
  missingKbIds: text,
  missing: integer,
  oldestMissingAt: optionalText,
}

const columns = { ...attributes, ...listing, ...outcome, ...observation }

export type MachineColumn = keyof typeof columns
export type MachineState = 'observed' | 'unknown' | 'skipped' | 'removed'
export type MachineRow = Omit<Values<typeof columns>, 'state'> & { machineId: string; state: MachineState | '' }
export type MachineListing = { machineId: string } & Omit<Values<typeof attributes>, 'osPlatform'> &
  Partial<Pick<Values<typeof attributes>, 'osPlatform'>> &
  Partial<Omit<Values<typeof listing>, 'lastListedSnapshotId'>> & { lastListedSnapshotId: string }

/** What a settled machine writes back: everything but its attributes and listing. */
export type MachineOutcome = Pick<MachineRow, 'machineId' | keyof typeof outcome | keyof typeof observation> & { filteredOut: boolean }

/** Marks a list of KB ids too long to be cached: the machine's intervals are read instead. */
export const UNCACHED = '*'

/** A string property holds 32K characters. https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model */
const CACHE_CHARACTERS = 30_000

/** Packs KB ids into the cached form: `5094127 5095051`. Ids that are empty or hold a space cannot be packed. */
export function cacheKbIds(kbIds: readonly string[]): string {
  const packed = [...kbIds].sort().join(' ')
  return packed.length > CACHE_CHARACTERS || kbIds.some((kbId) => kbId === '' || kbId.includes(' ') || kbId === UNCACHED)
    ? UNCACHED
    : packed
}

/** The cached ids, or undefined when they were too long to be cached. */
export function cachedKbIds(row: Pick<MachineRow, 'missingKbIds'>): string[] | undefined {
  if (row.missingKbIds === UNCACHED) return undefined
  return row.missingKbIds === '' ? [] : row.missingKbIds.split(' ')
}

/** The machines of a tenant: attributes, last listed and observed, state, cached missing KBs. */
export class MachinesTable {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  async get(tenantId: string, machineId: string): Promise<MachineRow | undefined> {
    const stored = await this.#table.get(keys.machines(tenantId), machineId)
    return stored && decode(stored)
  }

  /** Pages of machines in id order, those after `afterMachineId`. */
  async *pages(tenantId: string, after: { machineId: string; pageSize?: number } = { machineId: '' }): AsyncGenerator<MachineRow[]> {
    const filter = odata`PartitionKey eq ${keys.machines(tenantId)} and RowKey gt ${after.machineId}`
    for await (const page of this.#table.pages({ filter, ...(after.pageSize && { pageSize: after.pageSize }) })) yield page.map(decode)
  }

  /** Machines in id order from a place up to another one, exclusive; with `select`, only those properties are what they should be. */
  async *span(tenantId: string, { from, to }: KeySpan, select?: readonly MachineColumn[]): AsyncGenerator<SpanPage<MachineRow>> {
    const partition = keys.machines(tenantId)
    const span = { from: { ...from, partition }, to: { ...to, partition } }
    const query = select ? { select: ['RowKey', ...select] } : {}
    for await (const page of this.#table.spanPages(span, query)) yield toSpanPage(page, () => '', decode)
  }

  /** Machines in id order after `afterMachineId` that owe this snapshot one more attempt. */
  async *toRetry(tenantId: string, snapshotId: string, afterMachineId: string): AsyncGenerator<MachineRow[]> {
    const filter = odata`PartitionKey eq ${keys.machines(tenantId)} and RowKey gt ${afterMachineId} and retryInSnapshotId eq ${snapshotId}`
    for await (const page of this.#table.pages({ filter })) yield page.map(decode)
  }

  /**
   * Machines in id order after `afterMachineId` that this snapshot has not settled and that are not known to be gone:
   * those its listing did not bring, and those of unwanted platforms.
   *
   * A machine that was never settled has no `settledSnapshotId` and no `state` yet, and no comparison with a property that is not
   * there is true, `ne` neither; `not` takes such a machine in.
   * https://github.com/Azure/Azurite/issues/1929 https://github.com/Azure/azure-storage-net/issues/696
   */
  async *unsettled(tenantId: string, snapshotId: string, afterMachineId: string): AsyncGenerator<MachineRow[]> {
    const inPartition = odata`PartitionKey eq ${keys.machines(tenantId)} and RowKey gt ${afterMachineId}`
    const open = odata`not (settledSnapshotId eq ${snapshotId}) and not (state eq ${'removed'}) and not (filteredOut eq ${true})`
    for await (const page of this.#table.pages({ filter: `${inPartition} and ${open}` })) yield page.map(decode)
  }

  /** Merges what the listing said; what earlier observations left stays. */
  async list(tenantId: string, machines: readonly MachineListing[]): Promise<void> {
    await this.#table.upsert(
      machines.map((machine) => encode(tenantId, machine)),
      'Merge',
    )
  }

  /** Merges how machines ended in a snapshot; 100 to a transaction. */
  async settle(tenantId: string, machines: readonly MachineOutcome[]): Promise<void> {
    await this.#table.upsert(
      machines.map((machine) => encode(tenantId, machine)),
      'Merge',
    )
  }
}

function encode(tenantId: string, { machineId, ...values }: MachineListing | MachineOutcome): EncodedRow {
  return { partitionKey: keys.machines(tenantId), rowKey: machineId, ...encodeValues(columns, values) }
}

function decode(stored: StoredRow): MachineRow {
  const { state, ...values } = decodeValues(columns, stored)
  return { machineId: stored.rowKey, ...values, state: state as MachineState | '' }
}
