import { odata } from '@azure/data-tables'
import { decodeValues, encodeValues, integer, optionalInteger, optionalText, text, textList, type Values } from './columns.ts'
import { type KeySpan, type SpanPage, toSpanPage } from './key-span.ts'
import { keyPart, keys } from './keys.ts'
import type { StoredRow, Table } from './table.ts'

const columns = {
  kbId: text,
  kbName: optionalText,
  productsNames: textList,
  url: optionalText,
  cveAddressed: optionalInteger,
  firstSeenSnapshotId: text,
  /** The last snapshot in which an answer named it; those answers gave the attributes above. */
  lastSeenSnapshotId: text,
  /** Machines that missed it at the end of the last ended snapshot. */
  machinesMissing: integer,
}

export type KbRow = Values<typeof columns>

/** Every KB a tenant's machines were ever seen missing. */
export class KbsTable {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  async get(tenantId: string, kbId: string): Promise<KbRow | undefined> {
    const stored = await this.#table.get(keys.kbs(tenantId), keyPart(kbId))
    return stored && decode(stored)
  }

  /** Pages in key order, those after `afterKey`. */
  async *pages(tenantId: string, after: { key: string; pageSize?: number } = { key: '' }): AsyncGenerator<KbRow[]> {
    const filter = odata`PartitionKey eq ${keys.kbs(tenantId)} and RowKey gt ${after.key}`
    for await (const page of this.#table.pages({ filter, ...(after.pageSize && { pageSize: after.pageSize }) })) yield page.map(decode)
  }

  /** KBs in key order from a place up to another one, exclusive. A row is a `keyPart`. */
  async *span(tenantId: string, { from, to }: KeySpan): AsyncGenerator<SpanPage<KbRow>> {
    const partition = keys.kbs(tenantId)
    const span = { from: { ...from, partition }, to: { ...to, partition } }
    for await (const page of this.#table.spanPages(span)) yield toSpanPage(page, () => '', decode)
  }

  async write(tenantId: string, kbs: readonly (Partial<KbRow> & { kbId: string })[]): Promise<void> {
    const partitionKey = keys.kbs(tenantId)
    await this.#table.upsert(
      kbs.map((kb) => ({ partitionKey, rowKey: keyPart(kb.kbId), ...encodeValues(columns, kb) })),
      'Merge',
    )
  }
}

const decode = (stored: StoredRow): KbRow => decodeValues(columns, stored)
