import { firstRows } from './first-rows.ts'
import { odata } from '@azure/data-tables'
import { isAskedKb, type Kb, KB_ATTRIBUTES, kbSpellings, UNDESCRIBED_KB } from '../domain/index.ts'
import { attributeColumns, type ColumnsOf, encodeValues, integer, optionalInteger, optionalText, text } from './columns.ts'
import { kbOutcomes } from './flows-format.ts'
import { type KeySpan, type SpanPage, toSpanPage } from './key-span.ts'
import { isKeyPart, isOfKey, keyPart, keyPartToId, LAST_KEY, type TenantKeys } from './keys.ts'
import { forDamaged, type RowFormat } from './read-row.ts'
import type { StoredRow } from './stored-row.ts'
import type { Table } from './table.ts'

const columns: ColumnsOf<Kb> = {
  kbId: text,
  ...attributeColumns(KB_ATTRIBUTES),
  firstSeenSnapshotId: text,
  cohort: optionalText,
  outcomes: kbOutcomes,
  lastSeenSnapshotId: text,
  machinesMissing: integer,
  machinesOverdue: optionalInteger,
}

/** A description comes again with the next answer that names the KB, and the count with the next totals. */
const format: RowFormat<Kb> = {
  columns,
  isKey: isKeyPart,
  contradictory: ({ kbId }, { rowKey }) => (isOfKey(kbId, rowKey) ? [] : ['kbId']),
  repair: (damaged, { rowKey }) =>
    forDamaged(damaged, {
      ...UNDESCRIBED_KB,
      kbId: keyPartToId(rowKey),
      cohort: null,
      outcomes: null,
      machinesMissing: 0,
      machinesOverdue: null,
    }),
}

/** Every KB a tenant's machines were ever seen missing. */
export class KbsTable {
  readonly #table: Table
  readonly #partitionKey: string

  constructor(table: Table, keys: TenantKeys) {
    this.#table = table
    this.#partitionKey = keys.own
  }

  readonly #read = (stored: StoredRow): Kb | undefined => this.#table.read(format, stored)

  async get(kbId: string): Promise<Kb | undefined> {
    const stored = await this.#table.get(this.#partitionKey, keyPart(kbId))
    return stored && this.#read(stored)
  }

  /** The row of a KB that is asked for, in whatever letter case and with KB or without. One that is spelt as it was asked for goes before. */
  async find(asked: string): Promise<Kb | undefined> {
    for (const spelling of kbSpellings(asked)) {
      const spelt = await this.get(spelling)
      if (spelt) return spelt
    }
    for await (const page of this.pages()) {
      const other = page.find(({ kbId }) => isAskedKb(asked, kbId))
      if (other) return other
    }
    return undefined
  }

  /** The first KBs in key order whose id begins with one of some texts: one request. */
  async startingWith(beginnings: readonly string[], limit: number): Promise<Kb[]> {
    const ranges = beginnings.map(keyPart).map((from) => odata`(RowKey ge ${from} and RowKey lt ${from + LAST_KEY})`)
    const filter = `${odata`PartitionKey eq ${this.#partitionKey}`} and (${ranges.join(' or ')})`
    return firstRows(this.#table, { filter }, limit, this.#read)
  }

  /** Pages in key order, those after a KB. */
  async *pages({ after = null, pageSize }: { after?: string | null; pageSize?: number } = {}): AsyncGenerator<Kb[]> {
    const filter = odata`PartitionKey eq ${this.#partitionKey} and RowKey gt ${keyPart(after ?? '')}`
    for await (const page of this.#table.pages({ filter, ...(pageSize && { pageSize }) }))
      yield page.map(this.#read).filter((kb) => kb !== undefined)
  }

  /** KBs in key order from a place up to another one, exclusive. A row is a `keyPart`. */
  async *span({ from, to }: KeySpan): AsyncGenerator<SpanPage<Kb>> {
    const partition = this.#partitionKey
    const span = { from: { ...from, partition }, to: { ...to, partition } }
    for await (const page of this.#table.spanPages(span)) yield toSpanPage(page, () => '', this.#read)
  }

  async delete(kbIds: readonly string[]): Promise<void> {
    for (const kbId of kbIds) await this.#table.deleteRow(this.#partitionKey, keyPart(kbId))
  }

  async write(kbs: readonly (Partial<Kb> & { kbId: string })[]): Promise<void> {
    const partitionKey = this.#partitionKey
    await this.#table.upsert(
      kbs.map((kb) => ({ partitionKey, rowKey: keyPart(kb.kbId), ...encodeValues(columns, kb) })),
      'Merge',
    )
  }
}
