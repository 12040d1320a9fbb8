import { odata } from '@azure/data-tables'
import { type Kb, KB_ATTRIBUTES } from '../domain/index.ts'
import { attributeColumns, type ColumnsOf, decodeValues, encodeValues, integer, text } from './columns.ts'
import { type KeySpan, type SpanPage, toSpanPage } from './key-span.ts'
import { keyPart, type TenantKeys } from './keys.ts'
import type { StoredRow } from './stored-row.ts'
import type { Table } from './table.ts'

const columns: ColumnsOf<Kb> = {
  kbId: text,
  ...attributeColumns(KB_ATTRIBUTES),
  firstSeenSnapshotId: text,
  lastSeenSnapshotId: text,
  machinesMissing: integer,
}

/** Every KB a tenant's machines were ever seen missing. */
export class KbsTable {
  readonly #table: Table
  readonly #partitionKey: string

  constructor(table: Table, keys: TenantKeys) {
    this.#table = table
    this.#partitionKey = keys.own
  }

  async get(kbId: string): Promise<Kb | undefined> {
    const stored = await this.#table.get(this.#partitionKey, keyPart(kbId))
    return stored && decode(stored)
  }

  /** Pages in key order, those after a KB. */
  async *pages({ after = null, pageSize }: { after?: string | null; pageSize?: number } = {}): AsyncGenerator<Kb[]> {
    const filter = odata`PartitionKey eq ${this.#partitionKey} and RowKey gt ${keyPart(after ?? '')}`
    for await (const page of this.#table.pages({ filter, ...(pageSize && { pageSize }) })) yield page.map(decode)
  }

  /** KBs in key order from a place up to another one, exclusive. A row is a `keyPart`. */
  async *span({ from, to }: KeySpan): AsyncGenerator<SpanPage<Kb>> {
    const partition = this.#partitionKey
    const span = { from: { ...from, partition }, to: { ...to, partition } }
    for await (const page of this.#table.spanPages(span)) yield toSpanPage(page, () => '', decode)
  }

  async write(kbs: readonly (Partial<Kb> & { kbId: string })[]): Promise<void> {
    const partitionKey = this.#partitionKey
    await this.#table.upsert(
      kbs.map((kb) => ({ partitionKey, rowKey: keyPart(kb.kbId), ...encodeValues(columns, kb) })),
      'Merge',
    )
  }
}

const decode = (stored: StoredRow): Kb => decodeValues(columns, stored)
