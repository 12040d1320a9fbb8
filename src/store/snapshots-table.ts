import { odata } from '@azure/data-tables'
import type { EncodedRow } from './batch.ts'
import { decodeValues, encodeValues, flag, integer, optionalText, text, type Values } from './columns.ts'
import { type KeySpan, type SpanPage, toSpanPage } from './key-span.ts'
import { keys } from './keys.ts'
import { addSeconds, snapshotIdOf, snapshotStart } from './snapshot-id.ts'
import type { StoredRow, Table } from './table.ts'

export const SNAPSHOT_STATUSES = ['pending', 'running', 'completed', 'incomplete', 'failed'] as const
export type SnapshotStatus = (typeof SNAPSHOT_STATUSES)[number]
export const isEnded = (snapshot: Pick<SnapshotRow, 'status'>) => snapshot.status !== 'pending' && snapshot.status !== 'running'

/** The parts of a snapshot, in order. */
export const PHASES = ['listing', 'observing', 'retrying', 'closing', 'totals', 'ended'] as const
export type Phase = (typeof PHASES)[number]

export type Trigger = 'schedule' | 'manual'

const columns = {
  status: text,
  trigger: text,
  source: text,
  finishedAt: text,
  phase: text,
  /** The last machine up to which the phase is done. */
  cursor: text,
  /** Rows of the listing read so far: the next page's `$skip`. */
  listingSkip: integer,
  /** Slices in which the listing could not go on. */
  listingFailures: integer,
  listingComplete: flag,
  /** Slices on end that spent calls and brought no machine to its end. */
  stalledSlices: integer,
  errorCode: text,
  errorDetail: text,
  listed: integer,
  /** Known machines that the listing did not bring: to be asked for by id. */
  notListed: integer,
  /** Machines to be asked: listed, of the wanted platforms. */
  wanted: integer,
  observed: integer,
  unknown: integer,
  skipped: integer,
  removed: integer,
  appeared: integer,
  resolved: integer,
  missingPairs: integer,
  missingKbs: integer,
  missingMachines: integer,
  calls: integer,
  throttled: integer,
  retries: integer,
  slices: integer,
  activeMilliseconds: integer,
  /** Scheduled starts that fell due while this snapshot ran. */
  skippedStarts: integer,
}

export type SnapshotRow = Omit<Values<typeof columns>, 'status' | 'phase' | 'trigger' | 'source'> & {
  snapshotId: string
  status: SnapshotStatus
  phase: Phase
  trigger: Trigger
  source: 'perMachine'
}

const unknownColumns = { computerDnsName: optionalText, status: integer, code: text, detail: text, attempts: integer }

/** A machine without an observation in a snapshot. `status` is the last answer's HTTP status, 0 where there was none. */
export type UnknownMachineRow = { machineId: string } & Values<typeof unknownColumns>

/** What of a machine's row says why it was not observed. */
export function toUnknownMachine({ machineId, computerDnsName, status, code, detail, attempts }: UnknownMachineRow): UnknownMachineRow {
  return { machineId, computerDnsName, status, code, detail, attempts }
}

/** No snapshot is older. */
const DAWN = '20000101T000000Z'

/** Snapshots of a tenant, and beside each the machines it could not observe. */
export class SnapshotsTable {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  async get(tenantId: string, snapshotId: string): Promise<SnapshotRow | undefined> {
    const stored = await this.#table.get(keys.snapshots(tenantId), snapshotId)
    return stored && decode(stored)
  }

  async write(tenantId: string, snapshot: SnapshotRow): Promise<void> {
    await this.#table.upsert([encode(tenantId, snapshot)], 'Replace')
  }

  /** Writes a snapshot unless it is there already: whoever takes it up may have been quicker. */
  async insert(tenantId: string, snapshot: SnapshotRow): Promise<void> {
    await this.#table.writeGuarded(encode(tenantId, snapshot), 'Replace', { kind: 'insert' })
  }

  /** Snapshots with `from <= id <= to`, oldest first. */
  async *range(tenantId: string, from: string, to: string): AsyncGenerator<SnapshotRow> {
    const filter = odata`PartitionKey eq ${keys.snapshots(tenantId)} and RowKey ge ${from} and RowKey le ${to}`
    for await (const stored of this.#table.rows({ filter })) yield decode(stored)
  }

  /** Snapshots from a place up to another one, exclusive, oldest first. */
  async *span(tenantId: string, { from, to }: KeySpan): AsyncGenerator<SpanPage<SnapshotRow>> {
    const partition = keys.snapshots(tenantId)
    const span = { from: { ...from, partition }, to: { ...to, partition } }
    for await (const page of this.#table.spanPages(span)) yield toSpanPage(page, () => '', decode)
  }

  /**
   * Snapshots with an id below `before`, newest first, no older than `oldest` ('' where it is not known).
   * The table only reads forwards, so it is read in windows that step back in time and grow until one is found:
   * the cost follows what is taken, not the length of the history.
   */
  async *newestFirst(tenantId: string, before: string, oldest: string): AsyncGenerator<SnapshotRow> {
    const first = oldest || DAWN
    let end = before
    let days = 8
    while (end > first) {
      const reach = snapshotIdOf(addSeconds(snapshotStart(end), -days * 86_400))
      const start = reach > first ? reach : first
      const window: SnapshotRow[] = []
      const filter = odata`PartitionKey eq ${keys.snapshots(tenantId)} and RowKey ge ${start} and RowKey lt ${end}`
      for await (const stored of this.#table.rows({ filter })) window.push(decode(stored))
      yield* window.reverse()
      end = start
      days *= 2
    }
  }

  async writeUnknown(tenantId: string, snapshotId: string, machines: readonly UnknownMachineRow[]): Promise<void> {
    const partitionKey = keys.unknownMachines(tenantId, snapshotId)
    const rows = machines.map(({ machineId, ...values }) => ({ partitionKey, rowKey: machineId, ...encodeValues(unknownColumns, values) }))
    await this.#table.upsert(rows, 'Replace')
  }

  /** Pages of the machines a snapshot could not observe, in id order after `afterMachineId`. */
  async *unknownPages(
    tenantId: string,
    snapshotId: string,
    after: { machineId: string; pageSize?: number },
  ): AsyncGenerator<UnknownMachineRow[]> {
    const filter = odata`PartitionKey eq ${keys.unknownMachines(tenantId, snapshotId)} and RowKey gt ${after.machineId}`
    for await (const page of this.#table.pages({ filter, ...(after.pageSize && { pageSize: after.pageSize }) })) {
      yield page.map((stored) => ({ machineId: stored.rowKey, ...decodeValues(unknownColumns, stored) }))
    }
  }
}

function encode(tenantId: string, { snapshotId, ...values }: SnapshotRow): EncodedRow {
  return { partitionKey: keys.snapshots(tenantId), rowKey: snapshotId, ...encodeValues(columns, values) }
}

const decode = (stored: StoredRow) => ({ snapshotId: stored.rowKey, ...decodeValues(columns, stored) }) as SnapshotRow
