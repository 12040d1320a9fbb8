import { odata } from '@azure/data-tables'
import {
  FIRST_SNAPSHOT_ID,
  GAP_CAUSES,
  type GapCause,
  isSnapshotId,
  PHASES,
  pendingSnapshot,
  type Snapshot,
  SNAPSHOT_STATUSES,
  snapshotIdAfter,
  SOURCE_KINDS,
  TRIGGERS,
  type UnknownMachine,
} from '../domain/index.ts'
import type { EncodedRow } from './batch.ts'
import { bucketList } from './bucket-list.ts'
import { type ColumnsOf, encodeValues, flag, integer, optionalInteger, optionalText, textList, word } from './columns.ts'
import { type KeySpan, type SpanPage, toSpanPage } from './key-span.ts'
import type { TenantKeys } from './keys.ts'
import { forDamaged, type RowFormat } from './read-row.ts'
import { countsColumn, sampleColumn } from './sample-format.ts'
import { StoreError } from './store-error.ts'
import type { StoredRow } from './stored-row.ts'
import type { Table } from './table.ts'
import { unknownColumns, unknownFormat } from './unknown-format.ts'

const columns: ColumnsOf<Omit<Snapshot, 'snapshotId'>> = {
  status: word(SNAPSHOT_STATUSES),
  trigger: word(TRIGGERS),
  source: word(SOURCE_KINDS, 'perMachine'),
  sourceTime: optionalText,
  finishedAt: optionalText,
  phase: word(PHASES),
  cursor: optionalText,
  listingSkip: integer,
  listingEnds: integer,
  listingFailures: integer,
  listingComplete: flag,
  stalledSlices: integer,
  refusedMachineIds: textList,
  errorCode: optionalText,
  errorDetail: optionalText,
  listed: integer,
  notListed: integer,
  wanted: integer,
  observed: integer,
  silent: optionalInteger,
  unknown: integer,
  skipped: integer,
  removed: integer,
  appeared: integer,
  resolved: integer,
  missingPairs: integer,
  missingKbs: integer,
  missingMachines: integer,
  over30: optionalInteger,
  changedBuckets: bucketList,
  calls: integer,
  throttled: integer,
  retries: integer,
  slices: integer,
  activeMilliseconds: integer,
  skippedStarts: integer,
  sample: sampleColumn,
  counts: countsColumn,
}

/** A snapshot's changes are read whatever its row says. One whose end cannot be read counts as failed: that claims least. */
const format: RowFormat<Omit<Snapshot, 'snapshotId'>> = {
  columns,
  isKey: isSnapshotId,
  repair: (damaged, { rowKey, finishedAt }) => {
    const { snapshotId: _, ...nothing } = pendingSnapshot(rowKey, 'schedule')
    return forDamaged<Omit<Snapshot, 'snapshotId'>>(damaged, { ...nothing, status: 'failed', phase: finishedAt ? 'ended' : 'listing' })
  },
}

/** Snapshots of a tenant, and beside each the machines it could not observe. */
export class SnapshotsTable {
  readonly #table: Table
  readonly #keys: TenantKeys

  constructor(table: Table, keys: TenantKeys) {
    this.#table = table
    this.#keys = keys
  }

  async get(snapshotId: string): Promise<Snapshot | undefined> {
    const stored = await this.#table.get(this.#keys.own, snapshotId)
    return stored && this.#read(stored)
  }

  /** Throws a `StoreError` where the storage does not take it: nothing goes on without this row. */
  async write(snapshot: Snapshot): Promise<void> {
    const refused = await this.#table.upsert([this.#encode(snapshot)], 'Replace')
    if (refused.length > 0) throw new StoreError(`the row of the snapshot ${snapshot.snapshotId} is refused`, 'RowRefused')
  }

  /** Writes a snapshot unless it is there already: whoever takes it up may have been quicker. */
  async insert(snapshot: Snapshot): Promise<void> {
    await this.#table.writeGuarded(this.#encode(snapshot), 'Replace', { kind: 'insert' })
  }

  /** Snapshots with `from <= id <= to`, oldest first. */
  async *range(from: string, to: string): AsyncGenerator<Snapshot> {
    const filter = odata`PartitionKey eq ${this.#keys.own} and RowKey ge ${from} and RowKey le ${to}`
    for await (const stored of this.#table.rows({ filter })) yield* this.#readAll([stored])
  }

  /** Snapshots from a place up to another one, exclusive, oldest first. */
  async *span({ from, to }: KeySpan): AsyncGenerator<SpanPage<Snapshot>> {
    const partition = this.#keys.own
    const span = { from: { ...from, partition }, to: { ...to, partition } }
    for await (const page of this.#table.spanPages(span)) yield toSpanPage(page, () => '', this.#read)
  }

  /**
   * Snapshots with an id below `before`, newest first, no older than `oldest`, if that is known.
   * The table only reads forwards, so it is read in windows that step back in time and grow until one is found:
   * the cost follows what is taken, not the length of the history.
   */
  async *newestFirst(before: string, oldest: string | null): AsyncGenerator<Snapshot> {
    const first = oldest ?? FIRST_SNAPSHOT_ID
    let end = before
    let days = 8
    while (end > first) {
      const reach = snapshotIdAfter(end, -days * 86_400)
      const start = reach > first ? reach : first
      const window: Snapshot[] = []
      const filter = odata`PartitionKey eq ${this.#keys.own} and RowKey ge ${start} and RowKey lt ${end}`
      for await (const stored of this.#table.rows({ filter })) window.push(...this.#readAll([stored]))
      yield* window.reverse()
      end = start
      days *= 2
    }
  }

  async writeUnknown(snapshotId: string, machines: readonly UnknownMachine[]): Promise<void> {
    const partitionKey = this.#keys.partition(snapshotId)
    const rows = machines.map(({ machineId, ...values }) => ({ partitionKey, rowKey: machineId, ...encodeValues(unknownColumns, values) }))
    await this.#table.upsert(rows, 'Replace')
  }

  /** Beside those without an observation, whom else a failed snapshot did not assess. */
  async writeUnassessed(snapshotId: string, machines: readonly (GapCause & { machineId: string })[]): Promise<void> {
    const partitionKey = this.#keys.partition(snapshotId)
    const rows = machines.map(({ machineId, kind, code }) => ({
      partitionKey,
      rowKey: machineId,
      ...encodeValues(unknownColumns, { kind, code }),
    }))
    await this.#table.upsert(rows, 'Replace')
  }

  /** Why a snapshot that wrote it down did not assess a machine. */
  async unassessed(snapshotId: string, machineId: string): Promise<GapCause | undefined> {
    const stored = await this.#table.get(this.#keys.partition(snapshotId), machineId)
    const row = stored && this.#table.read(unknownFormat, stored)
    return row && { kind: row.kind ?? 'unknown', code: row.code || GAP_CAUSES.notAsked.code }
  }

  /** Pages of the machines a snapshot could not observe, in id order after one. */
  async *unknownPages(
    snapshotId: string,
    { after = null, pageSize }: { after?: string | null; pageSize?: number } = {},
  ): AsyncGenerator<UnknownMachine[]> {
    const filter = odata`PartitionKey eq ${this.#keys.partition(snapshotId)} and RowKey gt ${after ?? ''}`
    for await (const page of this.#table.pages({ filter, ...(pageSize && { pageSize }) })) {
      yield page.flatMap((stored) => {
        const unknown = this.#table.read(unknownFormat, stored)
        if (!unknown || unknown.kind !== null) return []
        const { kind: _, ...values } = unknown
        return [{ machineId: stored.rowKey, ...values }]
      })
    }
  }

  readonly #read = (stored: StoredRow): Snapshot | undefined => {
    const row = this.#table.read(format, stored)
    return row && { snapshotId: stored.rowKey, ...row }
  }

  #readAll(rows: readonly StoredRow[]): Snapshot[] {
    return rows.map(this.#read).filter((snapshot) => snapshot !== undefined)
  }

  #encode({ snapshotId, ...values }: Snapshot): EncodedRow {
    return { partitionKey: this.#keys.own, rowKey: snapshotId, ...encodeValues(columns, values) }
  }
}
