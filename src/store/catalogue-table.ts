import { odata } from '@azure/data-tables'
import { byText, catalogueKbId, type KbFacts } from '../domain/index.ts'
import { decodeFacts, encodeFacts } from './catalogue-format.ts'
import { encodeValues } from './columns.ts'
import { keyAfter } from './keys.ts'
import { fromPieces, NO_PIECES, pieceColumns, type Pieces, toPieces } from './pieces.ts'
import type { RowFormat } from './read-row.ts'
import type { StoredRow } from './stored-row.ts'
import type { Table } from './table.ts'

/** The facts of KBs, one copy for all tenants. */
const KB_PARTITION = 'kb'

const format: RowFormat<Pieces> = { columns: pieceColumns }

/** So few are asked for one by one; of more, the stretch of the table from the first to the last is read. */
const MOST_POINT_READS = 5

/** What the public sources say: facts of KBs, and what they are folded from. */
export class CatalogueTable {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  /** The facts of KBs by the ids they were asked for, however spelt; those that nothing is known of are left out. */
  async getMany(kbIds: Iterable<string>): Promise<Map<string, KbFacts>> {
    const asked = new Map<string, string[]>()
    for (const kbId of new Set(kbIds)) {
      const key = catalogueKbId(kbId)
      if (key !== undefined) asked.set(key, [...(asked.get(key) ?? []), kbId])
    }
    const found = new Map<string, KbFacts>()
    for await (const stored of this.#rowsOf([...asked.keys()].sort(byText))) {
      const spellings = asked.get(stored.rowKey)
      const facts = spellings && this.#read(stored)
      if (facts) for (const kbId of spellings) found.set(kbId, facts)
    }
    return found
  }

  async putMany(facts: readonly KbFacts[]): Promise<void> {
    const rows = facts.map((kb) => ({
      partitionKey: KB_PARTITION,
      rowKey: kb.kbId,
      ...encodeValues<Pieces>(pieceColumns, { ...NO_PIECES, ...toPieces(encodeFacts(kb)) }),
    }))
    await this.#table.upsert(rows, 'Replace')
  }

  async *#rowsOf(keys: readonly string[]): AsyncGenerator<StoredRow> {
    const [first, last] = [keys[0], keys.at(-1)]
    if (first === undefined || last === undefined) return
    if (keys.length > MOST_POINT_READS) {
      yield* this.#table.rows({ filter: odata`PartitionKey eq ${KB_PARTITION} and RowKey ge ${first} and RowKey lt ${keyAfter(last)}` })
      return
    }
    const rows = await Promise.all(keys.map((key) => this.#table.get(KB_PARTITION, key)))
    yield* rows.filter((row) => row !== undefined)
  }

  #read(stored: StoredRow): KbFacts | undefined {
    const pieces = this.#table.read(format, stored)
    return pieces && decodeFacts(stored.rowKey, fromPieces(pieces))
  }
}
