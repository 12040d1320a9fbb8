import { odata } from '@azure/data-tables'
import type { Gap, Interval, MachineInterval } from '../domain/index.ts'
import { batchesBeside, type EncodedRow } from './batch.ts'
import { encodeValues } from './columns.ts'
import { type KeySpan, type Place, type SpanPage, toSpanPage } from './key-span.ts'
import { gapFormat } from './gap-format.ts'
import { GAP_KEYS, isGapKey, keyPart, keyRange, rowKeys, STATE_ROW, type TenantKeys } from './keys.ts'
import { encodeState, type MachineStateRow, readState, type Transition } from './machine-state-row.ts'
import { intervalFormat } from './interval-format.ts'
import type { StoredRow } from './stored-row.ts'
import type { Guard, Table } from './table.ts'

export type IntervalColumn = keyof Interval

/** An interval with its machine and some of its columns. */
export type SelectedInterval<C extends IntervalColumn> = Pick<MachineInterval, 'machineId' | C>

/** A gap with its machine. */
export type MachineGapRow = Gap & { machineId: string }

export interface MachinePartition {
  state: MachineStateRow | undefined
  intervals: Interval[]
  /** Oldest first. */
  gaps: Gap[]
}

/** Intervals, gaps and one state row of every machine: the source of truth. */
export class MissingKbsTable {
  readonly #table: Table
  readonly #keys: TenantKeys

  constructor(table: Table, keys: TenantKeys) {
    this.#table = table
    this.#keys = keys
  }

  /** All intervals and gaps of a machine, open and closed, and its state row. */
  async read(machineId: string): Promise<MachinePartition> {
    const partition: MachinePartition = { state: undefined, intervals: [], gaps: [] }
    const filter = odata`PartitionKey eq ${this.#keys.partition(machineId)}`
    for await (const stored of this.#table.rows({ filter })) {
      if (stored.rowKey === STATE_ROW) partition.state = readState(this.#table, stored)
      else if (isGapKey(stored.rowKey)) partition.gaps.push(...this.#readGap(stored))
      else partition.intervals.push(...this.#read(stored))
    }
    return partition
  }

  /** The gaps of a machine, oldest first. */
  async gaps(machineId: string): Promise<Gap[]> {
    const { from, to } = GAP_KEYS
    const filter = odata`PartitionKey eq ${this.#keys.partition(machineId)} and RowKey ge ${from} and RowKey lt ${to}`
    const gaps: Gap[] = []
    for await (const stored of this.#table.rows({ filter })) if (isGapKey(stored.rowKey)) gaps.push(...this.#readGap(stored))
    return gaps
  }

  /** Writes gaps that a snapshot opened or closed: a transaction a machine. */
  async writeGaps(gaps: readonly MachineGapRow[]): Promise<void> {
    const rows = gaps.map(({ machineId, ...gap }): EncodedRow => {
      const partitionKey = this.#keys.partition(machineId)
      return { partitionKey, rowKey: rowKeys.gap(gap.fromSnapshotId), ...encodeValues(gapFormat.columns, gap) }
    })
    await this.#table.upsert(rows, 'Replace')
  }

  /** The intervals of one machine and KB, oldest first. */
  async intervalsOf(machineId: string, kbId: string): Promise<Interval[]> {
    const { from, to } = keyRange(keyPart(kbId))
    const filter = odata`PartitionKey eq ${this.#keys.partition(machineId)} and RowKey ge ${from} and RowKey lt ${to}`
    const intervals: Interval[] = []
    for await (const stored of this.#table.rows({ filter })) intervals.push(...this.#read(stored))
    return intervals
  }

  /**
   * The intervals of many machines in key order, with all columns or those of `select`: from a place up to another one, exclusive. A
   * place's partition is a machine id, or the beginning of one.
   */
  async *span<C extends IntervalColumn = IntervalColumn>(
    { from, to }: KeySpan,
    select?: readonly C[],
  ): AsyncGenerator<SpanPage<SelectedInterval<C>>> {
    const { partition, behindTenant } = this.#keys
    const keyOf = (place: Place): Place => ({ ...place, partition: partition(place.partition) })
    const query = select ? { select: ['PartitionKey', 'RowKey', ...select] } : {}
    for await (const page of this.#table.spanPages({ from: keyOf(from), to: keyOf(to) }, query)) {
      yield toSpanPage(page, behindTenant, (stored) => {
        if (stored.rowKey === STATE_ROW || isGapKey(stored.rowKey)) return undefined
        const interval = this.#table.read<Interval, C>(intervalFormat, stored, select)
        return interval && (Object.assign(interval, { machineId: behindTenant(stored.partitionKey) }) as SelectedInterval<C>)
      })
    }
  }

  /** The gaps of many machines in key order: from a place up to another one, exclusive; intervals are passed over by the service. */
  async *gapSpan({ from, to }: KeySpan): AsyncGenerator<SpanPage<MachineGapRow>> {
    const { partition, behindTenant } = this.#keys
    const keyOf = (place: Place): Place => ({ ...place, partition: partition(place.partition) })
    const also = odata` and RowKey ge ${GAP_KEYS.from} and RowKey lt ${GAP_KEYS.to}`
    for await (const page of this.#table.spanPages({ from: keyOf(from), to: keyOf(to) }, {}, also)) {
      yield toSpanPage(page, behindTenant, (stored) => {
        const [gap] = isGapKey(stored.rowKey) ? this.#readGap(stored) : []
        return gap && { ...gap, machineId: behindTenant(stored.partitionKey) }
      })
    }
  }

  async state(machineId: string): Promise<MachineStateRow | undefined> {
    const stored = await this.#table.get(this.#keys.partition(machineId), STATE_ROW)
    return stored && readState(this.#table, stored)
  }

  /**
   * Commits a transition, guarded by the state row's ETag: one transaction, or as many as its rows need. The first of many also
   * stores the input in the state row and the last clears it, so that a kill in between is finished by whoever reads `pending`;
   * each is guarded by the one before, so that a writer who was overtaken writes nothing more.
   * `outdated`: someone else moved this machine on, or an answer was lost; read again.
   */
  async commit(machineId: string, transition: Transition, state: MachineStateRow | undefined): Promise<'written' | 'outdated'> {
    const partitionKey = this.#keys.partition(machineId)
    const rows = transition.changed.map((interval) => encodeInterval(partitionKey, interval))
    const done = encodeState(partitionKey, transition, '')
    const [only = [], ...more] = batchesBeside(done, rows)
    if (more.length === 0) return (await this.#table.commit(done, 'Replace', guardOf(state), only)).kind
    const begun = encodeState(partitionKey, transition, transition.resumeFrom)
    return this.#commitInSteps(begun, done, batchesBeside(begun, rows), guardOf(state))
  }

  #read(stored: StoredRow): Interval[] {
    const interval = this.#table.read(intervalFormat, stored)
    return interval ? [interval] : []
  }

  #readGap(stored: StoredRow): Gap[] {
    const gap = this.#table.read(gapFormat, stored)
    return gap ? [gap] : []
  }

  async #commitInSteps(
    begun: EncodedRow,
    done: EncodedRow,
    batches: readonly EncodedRow[][],
    first: Guard,
  ): Promise<'written' | 'outdated'> {
    // Between the first and the last, a merge that changes nothing moves the ETag on and leaves `pending` where it is.
    const touched = { partitionKey: begun.partitionKey, rowKey: begun.rowKey }
    let guard = first
    for (const [index, batch] of batches.entries()) {
      const isLast = index === batches.length - 1
      const row = isLast ? done : index === 0 ? begun : touched
      const committed = await this.#table.commit(row, row === touched ? 'Merge' : 'Replace', guard, batch)
      if (committed.kind === 'outdated') return 'outdated'
      guard = { kind: 'ifMatch', etag: committed.etag }
    }
    return 'written'
  }
}

const guardOf = (state: MachineStateRow | undefined): Guard => (state ? { kind: 'ifMatch', etag: state.etag } : { kind: 'insert' })

function encodeInterval(partitionKey: string, interval: Interval): EncodedRow {
  return {
    partitionKey,
    rowKey: rowKeys.interval(interval.kbId, interval.appearedSnapshotId),
    ...encodeValues(intervalFormat.columns, interval),
  }
}
