import { odata } from '@azure/data-tables'
import { type EncodedRow } from './batch.ts'
import { decodeValues, encodeValues, optionalInteger, optionalText, text, textList, type Values } from './columns.ts'
import { type KeySpan, type Place, type SpanPage, toSpanPage } from './key-span.ts'
import { bucketOf, keyPartToId, keys, monthOf } from './keys.ts'
import type { AppearedReason, ResolvedReason } from './missing-kbs-table.ts'
import type { StoredRow, Table } from './table.ts'

const columns = {
  change: text,
  reason: text,
  replacedBy: textList,
  observedAt: text,
  /** The snapshot that opened the interval. */
  appearedSnapshotId: text,
  /** The last snapshot that still saw it; '' for `appeared`. */
  lastMissingSnapshotId: text,
  computerDnsName: optionalText,
  osPlatform: optionalText,
  rbacGroupName: optionalText,
  kbName: optionalText,
  productsNames: textList,
  url: optionalText,
  cveAddressed: optionalInteger,
}

/** An interval opening or closing in a snapshot, with the machine and the KB as they were known then. */
export type ChangeRow = Omit<Values<typeof columns>, 'change' | 'reason'> & {
  snapshotId: string
  machineId: string
  kbId: string
} & ({ change: 'appeared'; reason: AppearedReason } | { change: 'resolved'; reason: ResolvedReason })

export type ChangeColumn = keyof typeof columns

export interface ChangeRange {
  tenantId: string
  snapshotId: string
  bucket: string
  /** Rows after this `machineId|kbId` row key, exclusive. */
  after?: string
  /** Rows from this row key on, inclusive. */
  from?: string
  /** Only this machine's. */
  machineId?: string
  /** Rows a page, at most 1,000. */
  pageSize?: number
}

/** Changes, projected from the intervals: one table a month, one partition per snapshot and bucket, sorted by machine and KB. */
export class ChangesTable {
  readonly #tableOfMonth: (month: string) => Table

  constructor(tableOfMonth: (month: string) => Table) {
    this.#tableOfMonth = tableOfMonth
  }

  /** Writes changes of one snapshot; writing them again changes nothing. */
  async write(tenantId: string, snapshotId: string, changes: readonly ChangeRow[]): Promise<void> {
    if (changes.length === 0) return
    await this.#tableOfMonth(monthOf(snapshotId)).upsert(
      changes.map((change) => encode(tenantId, change)),
      'Replace',
    )
  }

  /** Pages of one partition's changes in (machineId, KB key) order; with `select`, only those properties are what they should be. */
  async *pages(range: ChangeRange, select?: readonly string[]): AsyncGenerator<ChangeRow[]> {
    const partition = odata`PartitionKey eq ${keys.changes(range.tenantId, range.snapshotId, range.bucket)}`
    const after = range.after === undefined ? '' : odata` and RowKey gt ${range.after}`
    const from = range.from === undefined ? '' : odata` and RowKey ge ${range.from}`
    const machine =
      range.machineId === undefined ? '' : odata` and RowKey ge ${`${range.machineId}|`} and RowKey lt ${`${range.machineId}}`}`
    const query = {
      filter: partition + after + from + machine,
      ...(range.pageSize && { pageSize: range.pageSize }),
      ...(select && { select: [...select] }),
    }
    for await (const page of this.#tableOfMonth(monthOf(range.snapshotId)).pages(query)) {
      yield page.map((stored) => decode(range.snapshotId, stored))
    }
  }

  /**
   * Changes of a month's snapshots in key order, from a place up to another one, exclusive. A place's partition is a `changesPartition`,
   * or the beginning of one. With `select`, only those properties are what they should be.
   */
  async *span(
    tenantId: string,
    month: string,
    { from, to }: KeySpan,
    select?: readonly ChangeColumn[],
  ): AsyncGenerator<SpanPage<ChangeRow>> {
    const partitionOf = (key: string) => key.slice(tenantId.length + 1)
    const keyOf = (place: Place): Place => ({ ...place, partition: `${tenantId}|${place.partition}` })
    const query = select ? { select: ['PartitionKey', 'RowKey', ...select] } : {}
    for await (const page of this.#tableOfMonth(month).spanPages({ from: keyOf(from), to: keyOf(to) }, query)) {
      yield toSpanPage(page, partitionOf, (stored) => decode(partitionOf(stored.partitionKey).slice(0, SNAPSHOT_ID_LENGTH), stored))
    }
  }
}

/** Characters of `20260612T020000Z`. */
const SNAPSHOT_ID_LENGTH = 16

/** The part of a partition key behind the tenant: `20260612T020000Z|a`. */
export const changesPartition = (snapshotId: string, bucket: string) => keys.changes('', snapshotId, bucket).slice(1)

/** The place of a change in its partition, and in every diff. */
export const changeKey = (change: Pick<ChangeRow, 'machineId' | 'kbId'>) => keys.change(change.machineId, change.kbId)

function encode(tenantId: string, { snapshotId, machineId, kbId, ...values }: ChangeRow): EncodedRow {
  return {
    partitionKey: keys.changes(tenantId, snapshotId, bucketOf(machineId)),
    rowKey: keys.change(machineId, kbId),
    ...encodeValues(columns, values),
  }
}

function decode(snapshotId: string, stored: StoredRow): ChangeRow {
  const separator = stored.rowKey.indexOf('|')
  return {
    snapshotId,
    machineId: stored.rowKey.slice(0, separator),
    kbId: keyPartToId(stored.rowKey.slice(separator + 1)),
    ...decodeValues(columns, stored),
  } as ChangeRow
}
