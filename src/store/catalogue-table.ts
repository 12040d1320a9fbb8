import { odata } from '@azure/data-tables'
import { byText, type CatalogueDocument, catalogueKbId, type CatalogueState, type KbFacts, NEW_CATALOGUE } from '../domain/index.ts'
import type { EncodedRow } from './batch.ts'
import { decodeFacts, documentFormat, encodeFacts, stateFormat, textFormat } from './catalogue-format.ts'
import { encodeValues } from './columns.ts'
import { catalogueKeys, keyAfter } from './keys.ts'
import { fromPieces, textRow } from './pieces.ts'
import type { StoredRow } from './stored-row.ts'
import type { Table } from './table.ts'

/** So few are asked for one by one; of more, the stretch of the table from the first to the last is read. */
const MOST_POINT_READS = 5

/** Documents whose texts are in memory at once, some 100 KB each. */
const TEXTS_OF_PAGE = 10

/** What a row says beside the state with which it is written. */
export interface CatalogueWrites {
  documents?: readonly CatalogueDocument[]
  /** What a source says, by the name of its row. */
  texts?: readonly { name: string; text: string }[]
}

/**
 * What the public sources say, one copy for all tenants: facts of KBs in one partition, and in another the sources' own words and how the
 * reading of them stands, which are written together.
 */
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
    for await (const stored of this.#factRows([...asked.keys()].sort(byText))) {
      const spellings = asked.get(stored.rowKey)
      const facts = spellings && decodeFacts(stored.rowKey, this.#textOf(stored))
      if (facts) for (const kbId of spellings) found.set(kbId, facts)
    }
    return found
  }

  /** Writes facts, all there are: what is not among them goes, and what is as it was stays untouched. How many were written. */
  async putAll(facts: readonly KbFacts[]): Promise<number> {
    const texts = new Map(facts.map((kb) => [kb.kbId, encodeFacts(kb)]))
    for await (const stored of this.#table.rows({ filter: odata`PartitionKey eq ${catalogueKeys.kbs}` })) {
      const { rowKey } = stored
      if (!texts.has(rowKey)) await this.#table.deleteRow(catalogueKeys.kbs, rowKey)
      else if (texts.get(rowKey) === this.#textOf(stored)) texts.delete(rowKey)
    }
    const rows = [...texts].map(([kbId, text]) => textRow(catalogueKeys.kbs, kbId, text))
    await this.#table.upsert(rows, 'Replace')
    return rows.length
  }

  /** How the reading stands; without an ETag where nothing was ever read. */
  async state(): Promise<{ state: CatalogueState; etag?: string }> {
    const stored = await this.#table.get(catalogueKeys.sources, catalogueKeys.state)
    const state = stored && this.#table.read(stateFormat, stored)
    return stored ? { state: state ?? NEW_CATALOGUE, etag: stored.etag } : { state: NEW_CATALOGUE }
  }

  /** Writes the state, and with it what was read, if nobody else wrote it meanwhile: its new ETag, or undefined. */
  async commit(
    state: CatalogueState,
    etag: string | undefined,
    { documents = [], texts = [] }: CatalogueWrites,
  ): Promise<string | undefined> {
    const row = { partitionKey: catalogueKeys.sources, rowKey: catalogueKeys.state, ...encodeValues(stateFormat.columns, state) }
    const beside = [
      ...documents.map((document) => documentRow(document)),
      ...texts.map(({ name, text }) => textRow(catalogueKeys.sources, catalogueKeys.text(name), text)),
    ]
    const guard = etag === undefined ? ({ kind: 'insert' } as const) : ({ kind: 'ifMatch', etag } as const)
    const written = await this.#table.commit(row, 'Replace', guard, beside)
    return written.kind === 'written' ? written.etag : undefined
  }

  /** The documents that were ever tried, by id. */
  async documents(): Promise<Map<string, CatalogueDocument>> {
    const found = new Map<string, CatalogueDocument>()
    for await (const stored of this.#table.rows({ filter: within(catalogueKeys.documents) })) {
      const document = this.#table.read(documentFormat, stored)
      if (document) found.set(document.documentId, document)
    }
    return found
  }

  /** What a source said that was read last. */
  async text(name: string): Promise<string | undefined> {
    const stored = await this.#table.get(catalogueKeys.sources, catalogueKeys.text(name))
    return stored && this.#textOf(stored)
  }

  /** What all documents said, by id. */
  async *texts(): AsyncGenerator<{ name: string; text: string }> {
    for await (const stored of this.#table.rows({ filter: within(catalogueKeys.texts), pageSize: TEXTS_OF_PAGE }))
      yield { name: catalogueKeys.nameOfText(stored.rowKey), text: this.#textOf(stored) }
  }

  async *#factRows(keys: readonly string[]): AsyncGenerator<StoredRow> {
    const [first, last] = [keys[0], keys.at(-1)]
    if (first === undefined || last === undefined) return
    if (keys.length > MOST_POINT_READS) {
      yield* this.#table.rows({
        filter: odata`PartitionKey eq ${catalogueKeys.kbs} and RowKey ge ${first} and RowKey lt ${keyAfter(last)}`,
      })
      return
    }
    const rows = await Promise.all(keys.map((key) => this.#table.get(catalogueKeys.kbs, key)))
    yield* rows.filter((row) => row !== undefined)
  }

  #textOf(stored: StoredRow): string {
    const pieces = this.#table.read(textFormat, stored)
    return pieces ? fromPieces(pieces) : ''
  }
}

const within = ({ from, to }: { from: string; to: string }) =>
  odata`PartitionKey eq ${catalogueKeys.sources} and RowKey ge ${from} and RowKey lt ${to}`

const documentRow = (document: CatalogueDocument): EncodedRow => ({
  partitionKey: catalogueKeys.sources,
  rowKey: catalogueKeys.document(document.documentId),
  ...encodeValues(documentFormat.columns, document),
})
