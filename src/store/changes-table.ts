import { odata } from '@azure/data-tables'
import { type Change, CHANGES, KB_ATTRIBUTES, REASONS, RESOLVED_REASONS, SNAPSHOT_ID_LENGTH, UNDESCRIBED_KB } from '../domain/index.ts'
import { type EncodedRow } from './batch.ts'
import {
  attributeColumns,
  type ColumnsOf,
  encodeValues,
  flag,
  optionalFlag,
  optionalText,
  optionalWord,
  text,
  textList,
  word,
} from './columns.ts'
import { takenOverColumn } from './flows-format.ts'
import { type KeySpan, type Place, type SpanPage, toSpanPage } from './key-span.ts'
import { bucketOf, keyPartToId, keyRange, monthOf, rowKeys, type TenantKeys } from './keys.ts'
import { forDamaged, type RowFormat } from './read-row.ts'
import { ChangesGoneError } from './store-error.ts'
import type { StoredRow } from './stored-row.ts'
import type { Table } from './table.ts'

const columns = {
  change: word(CHANGES),
  reason: word(REASONS),
  replacedBy: textList,
  observedAt: text,
  appearedSnapshotId: text,
  lastMissingSnapshotId: optionalText,
  exposedSince: optionalText,
  exposedAtLeast: flag,
  derived: flag,
  stillExposed: optionalFlag,
  reopenedAfter: optionalWord(RESOLVED_REASONS),
  takenOver: takenOverColumn,
  computerDnsName: optionalText,
  osPlatform: optionalText,
  rbacGroupName: optionalText,
  ...attributeColumns(KB_ATTRIBUTES),
} satisfies ColumnsOf<ChangeValues>

/** What a change says of machine and KB may be missing; what it is may not. */
const format: RowFormat<ChangeValues> = {
  columns,
  repair: (damaged) =>
    forDamaged<ChangeValues>(damaged, {
      ...UNDESCRIBED_KB,
      ...UNNAMED_MACHINE,
      replacedBy: [],
      lastMissingSnapshotId: null,
      ...UNKNOWN_EXPOSURE,
    }),
}

const UNKNOWN_EXPOSURE = {
  exposedSince: null,
  exposedAtLeast: true,
  derived: false,
  stillExposed: null,
  reopenedAfter: null,
  takenOver: [],
}
const UNNAMED_MACHINE = { computerDnsName: null, osPlatform: null, rbacGroupName: null }

type ChangeKeys = 'snapshotId' | 'machineId' | 'kbId'
type ChangeValues = Pick<Change, Exclude<keyof Change, ChangeKeys>>
export type ChangeColumn = keyof ChangeValues

/** A change with its keys and some of its columns; with all of them, which of its reasons it can have is told by its kind. */
export type SelectedChange<C extends ChangeColumn> = ChangeColumn extends C ? Change : Pick<Change, ChangeKeys | C>

export interface ChangeRange {
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
  /** The snapshot made changes: a table that is not there is a `ChangesGoneError`. */
  isChanged?: boolean
}

/** Changes, projected from the intervals: one table a month, one partition per snapshot and bucket, sorted by machine and KB. */
export class ChangesTable {
  readonly #tableOfMonth: (month: string) => Table
  readonly #keys: TenantKeys

  constructor(tableOfMonth: (month: string) => Table, keys: TenantKeys) {
    this.#tableOfMonth = tableOfMonth
    this.#keys = keys
  }

  /** Writes changes of one snapshot; writing them again changes nothing. */
  async write(snapshotId: string, changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return
    await this.#tableOfMonth(monthOf(snapshotId)).upsert(
      changes.map((change) => encode(this.#keys, change)),
      'Replace',
    )
  }

  /** Pages of one partition's changes in (machineId, KB key) order, with all columns or those of `select`. */
  async *pages<C extends ChangeColumn = ChangeColumn>(range: ChangeRange, select?: readonly C[]): AsyncGenerator<SelectedChange<C>[]> {
    const partition = odata`PartitionKey eq ${this.#keys.partition(range.snapshotId, range.bucket)}`
    const after = range.after === undefined ? '' : odata` and RowKey gt ${range.after}`
    const from = range.from === undefined ? '' : odata` and RowKey ge ${range.from}`
    const machine =
      range.machineId === undefined ? '' : odata` and RowKey ge ${`${range.machineId}|`} and RowKey lt ${`${range.machineId}}`}`
    const query = {
      filter: partition + after + from + machine,
      ...(range.pageSize && { pageSize: range.pageSize }),
      ...(select && { select: ['RowKey', ...select] }),
      ...(range.isChanged && { ifTableMissing: () => new ChangesGoneError(range.snapshotId) }),
    }
    const table = this.#tableOfMonth(monthOf(range.snapshotId))
    for await (const page of table.pages(query)) {
      yield page.map((stored) => read(table, range.snapshotId, stored, select)).filter((change) => change !== undefined)
    }
  }

  /** Whether any change of a snapshot is there. */
  async has(snapshotId: string): Promise<boolean> {
    const { from, to } = keyRange(this.#keys.partition(snapshotId))
    const filter = odata`PartitionKey ge ${from} and PartitionKey lt ${to}`
    for await (const page of this.#tableOfMonth(monthOf(snapshotId)).pages({ filter, select: ['RowKey'], pageSize: 1 })) {
      if (page.length > 0) return true
    }
    return false
  }

  /**
   * Changes of a month's snapshots in key order, from a place up to another one, exclusive. A place's partition is a `changesPartition`,
   * or the beginning of one. `changedIn`: a snapshot among them that made changes; a table that is not there is a `ChangesGoneError` then.
   */
  async *span<C extends ChangeColumn = ChangeColumn>(
    month: string,
    { from, to }: KeySpan,
    select?: readonly C[],
    changedIn?: string,
  ): AsyncGenerator<SpanPage<SelectedChange<C>>> {
    const { partition, behindTenant } = this.#keys
    const keyOf = (place: Place): Place => ({ ...place, partition: partition(place.partition) })
    const query = {
      ...(select && { select: ['PartitionKey', 'RowKey', ...select] }),
      ...(changedIn !== undefined && { ifTableMissing: () => new ChangesGoneError(changedIn) }),
    }
    const table = this.#tableOfMonth(month)
    for await (const page of table.spanPages({ from: keyOf(from), to: keyOf(to) }, query)) {
      yield toSpanPage(page, behindTenant, (stored) =>
        read(table, behindTenant(stored.partitionKey).slice(0, SNAPSHOT_ID_LENGTH), stored, select),
      )
    }
  }
}

/** The place of a change in its partition, and in every diff. */
export const changeKey = (change: Pick<Change, 'machineId' | 'kbId'>) => rowKeys.change(change.machineId, change.kbId)

function encode(keys: TenantKeys, { snapshotId, machineId, kbId, ...values }: Change): EncodedRow {
  return {
    partitionKey: keys.partition(snapshotId, bucketOf(machineId)),
    rowKey: rowKeys.change(machineId, kbId),
    ...encodeValues(columns, values),
  }
}

function read<C extends ChangeColumn>(
  table: Table,
  snapshotId: string,
  stored: StoredRow,
  select: readonly C[] | undefined,
): SelectedChange<C> | undefined {
  const values = table.read<ChangeValues, ChangeColumn>(format, stored, select)
  const separator = stored.rowKey.indexOf('|')
  const machineId = stored.rowKey.slice(0, separator)
  const kbId = keyPartToId(stored.rowKey.slice(separator + 1))
  return values && ({ snapshotId, machineId, kbId, ...values } as SelectedChange<C>)
}
