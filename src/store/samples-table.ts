import { odata } from '@azure/data-tables'
import type { ComparedCount, DisputedMachine, KbFigures } from '../domain/index.ts'
import type { EncodedRow } from './batch.ts'
import { encodeValues } from './columns.ts'
import { keyPart, rowKeys, type TenantKeys } from './keys.ts'
import { countFormat, disputedFormat, kbFiguresFormat } from './sample-format.ts'
import type { Table } from './table.ts'

/** The partitions of a snapshot's sample, behind its id: that of the machines it could not observe has none of these words. */
const PARTS = { machines: 'sample', kbs: 'samplekbs', counts: 'counts' } as const

/** Where a page of counts goes on. */
export type CountPlace = Pick<ComparedCount, 'product' | 'kbId'>

/** What the check of a snapshot's export found, row by row; in the table of the snapshots. */
export class SamplesTable {
  readonly #table: Table
  readonly #keys: TenantKeys

  constructor(table: Table, keys: TenantKeys) {
    this.#table = table
    this.#keys = keys
  }

  async writeMachines(snapshotId: string, machines: readonly DisputedMachine[]): Promise<void> {
    const partitionKey = this.#keys.partition(snapshotId, PARTS.machines)
    await this.#write(
      machines.map(({ machineId, ...values }) => ({ partitionKey, rowKey: machineId, ...encodeValues(disputedFormat.columns, values) })),
    )
  }

  async writeKbs(snapshotId: string, kbs: readonly KbFigures[]): Promise<void> {
    const partitionKey = this.#keys.partition(snapshotId, PARTS.kbs)
    await this.#write(
      kbs.map((values) => ({ partitionKey, rowKey: keyPart(values.kbId), ...encodeValues(kbFiguresFormat.columns, values) })),
    )
  }

  async writeCounts(snapshotId: string, counts: readonly ComparedCount[]): Promise<void> {
    const partitionKey = this.#keys.partition(snapshotId, PARTS.counts)
    await this.#write(
      counts.map(({ difference: _, ...values }) => ({
        partitionKey,
        rowKey: rowKeys.count(values.product, values.kbId),
        ...encodeValues(countFormat.columns, values),
      })),
    )
  }

  /** Pages of the machines whose lists are not the truth, in id order after one. */
  async *machinePages(snapshotId: string, after: string | null, pageSize: number): AsyncGenerator<DisputedMachine[]> {
    for await (const page of this.#pages(snapshotId, PARTS.machines, after ?? '', pageSize)) {
      yield page.flatMap((stored) => {
        const values = this.#table.read(disputedFormat, stored)
        return values ? [{ machineId: stored.rowKey, ...values }] : []
      })
    }
  }

  /** The KBs that the lists disagree on. */
  async kbs(snapshotId: string): Promise<KbFigures[]> {
    const kbs: KbFigures[] = []
    for await (const page of this.#pages(snapshotId, PARTS.kbs, '')) {
      kbs.push(...page.flatMap((stored) => this.#table.read(kbFiguresFormat, stored) ?? []))
    }
    return kbs
  }

  /** Pages of counts by product and KB, in key order after one. */
  async *countPages(snapshotId: string, after: CountPlace | null, pageSize: number): AsyncGenerator<ComparedCount[]> {
    const from = after === null ? '' : rowKeys.count(after.product, after.kbId)
    for await (const page of this.#pages(snapshotId, PARTS.counts, from, pageSize)) {
      yield page.flatMap((stored) => {
        const values = this.#table.read(countFormat, stored)
        return values ? [{ ...values, difference: values.theirs === null ? null : values.theirs - values.ours }] : []
      })
    }
  }

  #pages(snapshotId: string, part: string, after: string, pageSize?: number) {
    const filter = odata`PartitionKey eq ${this.#keys.partition(snapshotId, part)} and RowKey gt ${after}`
    return this.#table.pages({ filter, ...(pageSize !== undefined && { pageSize }) })
  }

  async #write(rows: readonly EncodedRow[]): Promise<void> {
    if (rows.length > 0) await this.#table.upsert(rows, 'Replace')
  }
}
