import { odata } from '@azure/data-tables'
import type { KbTotal } from '../domain/index.ts'
import { type ColumnsOf, encodeValues, integer, text } from './columns.ts'
import { type KeySpan, type Place, type SpanPage, toSpanPage } from './key-span.ts'
import { isKeyPart, isOfKey, keyPart, keyPartToId, type TenantKeys } from './keys.ts'
import type { RowFormat } from './read-row.ts'
import type { Table } from './table.ts'

const columns: ColumnsOf<KbTotal> = { kbId: text, machinesMissing: integer, appeared: integer, resolved: integer }

/** Counts that cannot be read are no counts. */
const format: RowFormat<KbTotal> = {
  columns,
  isKey: isKeyPart,
  repair: (_, { rowKey }) => ({ kbId: keyPartToId(rowKey) }),
  contradictory: ({ kbId }, { rowKey }) => (isOfKey(kbId, rowKey) ? [] : ['kbId']),
}

/** Per snapshot and KB: machines missing it at the snapshot's end, and how many changed in it. */
export class KbTotalsTable {
  readonly #table: Table
  readonly #keys: TenantKeys

  constructor(table: Table, keys: TenantKeys) {
    this.#table = table
    this.#keys = keys
  }

  /** Pages of one snapshot's totals in KB order, those after a KB. */
  async *pages(snapshotId: string, { after = null }: { after?: string | null } = {}): AsyncGenerator<KbTotal[]> {
    const filter = odata`PartitionKey eq ${this.#keys.partition(snapshotId)} and RowKey gt ${keyPart(after ?? '')}`
    for await (const page of this.#table.pages({ filter }))
      yield page.map((stored) => this.#table.read(format, stored)).filter((row) => row !== undefined)
  }

  /** Totals of many snapshots in key order, from a place up to another one, exclusive. A place's partition is a snapshot id. */
  async *span({ from, to }: KeySpan): AsyncGenerator<SpanPage<KbTotal & { snapshotId: string }>> {
    const { partition, behindTenant } = this.#keys
    const keyOf = (place: Place): Place => ({ ...place, partition: partition(place.partition) })
    for await (const page of this.#table.spanPages({ from: keyOf(from), to: keyOf(to) })) {
      yield toSpanPage(page, behindTenant, (stored) => {
        const total = this.#table.read(format, stored)
        return total && { ...total, snapshotId: behindTenant(stored.partitionKey) }
      })
    }
  }

  async write(snapshotId: string, totals: readonly KbTotal[]): Promise<void> {
    const partitionKey = this.#keys.partition(snapshotId)
    await this.#table.upsert(
      totals.map((total) => ({ partitionKey, rowKey: keyPart(total.kbId), ...encodeValues(columns, total) })),
      'Replace',
    )
  }
}
