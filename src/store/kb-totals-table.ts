import { odata } from '@azure/data-tables'
import { decodeValues, encodeValues, integer, text, type Values } from './columns.ts'
import { type KeySpan, type Place, type SpanPage, toSpanPage } from './key-span.ts'
import { keyPart, keys } from './keys.ts'
import type { Table } from './table.ts'

const columns = { kbId: text, machinesMissing: integer, appeared: integer, resolved: integer }

export type KbTotalRow = Values<typeof columns>

/** Per snapshot and KB: machines missing it at the snapshot's end, and how many changed in it. */
export class KbTotalsTable {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  /** Pages of one snapshot's totals in KB order, those after `afterKey`. */
  async *pages(tenantId: string, snapshotId: string, afterKey = ''): AsyncGenerator<KbTotalRow[]> {
    const filter = odata`PartitionKey eq ${keys.kbTotals(tenantId, snapshotId)} and RowKey gt ${afterKey}`
    for await (const page of this.#table.pages({ filter })) yield page.map((stored) => decodeValues(columns, stored))
  }

  /** Totals of many snapshots in key order, from a place up to another one, exclusive. A place's partition is a snapshot id. */
  async *span(tenantId: string, { from, to }: KeySpan): AsyncGenerator<SpanPage<KbTotalRow & { snapshotId: string }>> {
    const snapshotIdOf = (key: string) => key.slice(tenantId.length + 1)
    const keyOf = (place: Place): Place => ({ ...place, partition: keys.kbTotals(tenantId, place.partition) })
    for await (const page of this.#table.spanPages({ from: keyOf(from), to: keyOf(to) })) {
      yield toSpanPage(page, snapshotIdOf, (stored) => ({
        ...decodeValues(columns, stored),
        snapshotId: snapshotIdOf(stored.partitionKey),
      }))
    }
  }

  async write(tenantId: string, snapshotId: string, totals: readonly KbTotalRow[]): Promise<void> {
    const partitionKey = keys.kbTotals(tenantId, snapshotId)
    await this.#table.upsert(
      totals.map((total) => ({ partitionKey, rowKey: keyPart(total.kbId), ...encodeValues(columns, total) })),
      'Replace',
    )
  }
}
