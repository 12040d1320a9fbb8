import type { TableClient, TransactionAction, UpdateMode } from '@azure/data-tables'
import { eachAtOnce } from '../each-at-once.ts'
import { type EncodedRow, toBatches } from './batch.ts'
import { type KeySpan, spanFilters } from './key-span.ts'
import { type OnDamage, readRow, refuseDamage, type RowFormat } from './read-row.ts'
import { codeOfRefusal, type OnRefusal, throwRefusal, writeWhatIsTaken } from './refused-row.ts'
import type { StoredRow } from './stored-row.ts'
import { isOutdated, isRowMissing, isRowPresent, isTableMissing, StoreError } from './store-error.ts'
import type { WritePermit } from './write-permit.ts'

export interface RowQuery {
  /** An OData filter, built with the SDK's `odata` template only. */
  filter: string
  select?: string[]
  /** At most 1,000, the service's own limit. */
  pageSize?: number
  /** What to throw where the table is not there; without it, that finds nothing. */
  ifTableMissing?: () => Error
}

export type Guard = { kind: 'insert' } | { kind: 'ifMatch'; etag: string }
/** `date` is the service's own clock at the write. */
export type GuardedWrite = { kind: 'written'; etag: string; date: Date | undefined } | { kind: 'outdated' }

export type TransactionWrite = { kind: 'written'; etag: string } | { kind: 'outdated' }

/** The service ends a page at 1,000 rows. https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination */
export const PAGE_ROWS = 1000

export interface TableOptions {
  permit?: WritePermit
  onDamage?: OnDamage
  onRefusal?: OnRefusal
}

/** A page that went through rows of others for five seconds may be empty; no table is as long as this many of them on end. */
const MOST_EMPTY_PAGES = 10_000

/** Batches under way at once per call: a partition takes 2,000 rows/s, so more only queue in the service. */
const BATCHES_AT_ONCE = 4

/**
 * One table. Writing creates the table when it is not there yet, reading a table that is not there finds nothing:
 * no start-up step, and a month's table comes into being with its first change.
 */
export class Table {
  readonly #client: TableClient
  readonly #permit: WritePermit | undefined
  readonly #onDamage: OnDamage
  readonly #told: (row: EncodedRow, error: unknown) => void

  /** `onDamage` is told of rows that cannot be read, `onRefusal` of rows that are not taken; without them, the first is an error. */
  constructor(client: TableClient, { permit, onDamage = refuseDamage, onRefusal = throwRefusal }: TableOptions = {}) {
    this.#client = client
    this.#permit = permit
    this.#onDamage = onDamage
    this.#told = ({ partitionKey, rowKey }, error) =>
      onRefusal({ table: client.tableName, partitionKey, rowKey, code: codeOfRefusal(error) }, error)
  }

  /** The values of a stored row, or those of the given names; undefined if it cannot be read. */
  read<Row extends object, Name extends keyof Row = keyof Row>(
    format: RowFormat<Row>,
    stored: StoredRow,
    names?: readonly Name[],
  ): Pick<Row, Name> | undefined {
    const row = readRow(format, stored, names)
    const { partitionKey, rowKey } = stored
    const isLost = row.kind === 'lost'
    if (row.damaged.length > 0) this.#onDamage({ table: this.#client.tableName, partitionKey, rowKey, properties: row.damaged, isLost })
    return isLost ? undefined : row.values
  }

  async get(partitionKey: string, rowKey: string, abortSignal?: AbortSignal): Promise<StoredRow | undefined> {
    try {
      return await this.#client.getEntity<StoredRow>(partitionKey, rowKey, abortSignal && { abortSignal })
    } catch (error) {
      if (isRowMissing(error) || isTableMissing(error)) return undefined
      throw error
    }
  }

  /** Pages of matching rows in key order. A page may be short or empty and still be followed by others. */
  async *pages(query: RowQuery): AsyncGenerator<StoredRow[]> {
    // The service shows what is selected and nothing else, and a row is nothing without its keys.
    const queryOptions = { filter: query.filter, ...(query.select && { select: ['partitionKey', 'rowKey', ...query.select] }) }
    const pages = this.#client.listEntities<StoredRow>({ queryOptions }).byPage({ maxPageSize: query.pageSize ?? PAGE_ROWS })
    let emptyPages = 0
    try {
      for await (const page of pages) {
        emptyPages = page.length === 0 ? emptyPages + 1 : 0
        if (emptyPages > MOST_EMPTY_PAGES) throw new StoreError(`${MOST_EMPTY_PAGES} pages on end were empty and went on`, 'EndlessPages')
        yield page
      }
    } catch (error) {
      if (!isTableMissing(error)) throw error
      if (query.ifTableMissing) throw query.ifTableMissing()
    }
  }

  /** Pages of a stretch of the table, in key order; `select` as in `pages`, `also` what else a filter asks: ` and …`. */
  async *spanPages(span: KeySpan, query: Omit<RowQuery, 'filter'> = {}, also = ''): AsyncGenerator<StoredRow[]> {
    for (const filter of spanFilters(span)) yield* this.pages({ ...query, filter: filter + also })
  }

  async *rows(query: RowQuery): AsyncGenerator<StoredRow> {
    for await (const page of this.pages(query)) yield* page
  }

  /** Writes one row if nobody else did: a fresh row (`insert`), or the one read before (`ifMatch`). */
  async writeGuarded(row: EncodedRow, mode: UpdateMode, guard: Guard): Promise<GuardedWrite> {
    try {
      const written = await this.#creatingTable(() =>
        guard.kind === 'insert' ? this.#client.createEntity(row) : this.#client.updateEntity(row, mode, { etag: guard.etag }),
      )
      if (!written.etag) throw new StoreError('a write answered without an ETag', 'MissingETag')
      return { kind: 'written', etag: written.etag, date: written.date }
    } catch (error) {
      if (wasOvertaken(error, guard)) return { kind: 'outdated' }
      throw error
    }
  }

  /** One transaction: `guarded` only if nobody else wrote it, and `rows` (same partition, at most 99) with it. The ETag is that of `guarded`. */
  async commit(guarded: EncodedRow, mode: UpdateMode, guard: Guard, rows: readonly EncodedRow[]): Promise<TransactionWrite> {
    const first: TransactionAction = guard.kind === 'insert' ? ['create', guarded] : ['update', guarded, mode, { etag: guard.etag }]
    try {
      const { subResponses } = await this.transact([first, ...rows.map((row): TransactionAction => ['upsert', row, 'Replace'])])
      const etag = subResponses[0]?.etag
      if (!etag) throw new StoreError('a transaction answered without an ETag', 'MissingETag')
      return { kind: 'written', etag }
    } catch (error) {
      if (wasOvertaken(error, guard)) return { kind: 'outdated' }
      throw error
    }
  }

  /**
   * Upserts any number of rows of any partitions, in as few transactions as the limits allow, and returns those that are refused. When
   * one fails no other is begun, and it rejects only after those under way are over: nothing is written behind the back of who gave up.
   */
  async upsert(rows: readonly EncodedRow[], mode: UpdateMode): Promise<EncodedRow[]> {
    const refused: EncodedRow[] = []
    await eachAtOnce(toBatches(rows, mode), BATCHES_AT_ONCE, async (batch) => {
      const write = async (part: readonly EncodedRow[]) => this.transact(part.map((row): TransactionAction => ['upsert', row, mode]))
      refused.push(...(await writeWhatIsTaken(batch, write, this.#told)))
    })
    return refused
  }

  /** Deletes a row, if it is there. */
  async deleteRow(partitionKey: string, rowKey: string): Promise<void> {
    await this.#permit?.ensureHeld()
    try {
      await this.#client.deleteEntity(partitionKey, rowKey)
    } catch (error) {
      if (!isRowMissing(error) && !isTableMissing(error)) throw error
    }
  }

  /** One transaction, of at most 100 actions in one partition. */
  transact(actions: TransactionAction[]) {
    return this.#creatingTable(() => this.#client.submitTransaction(actions))
  }

  async #creatingTable<T>(write: () => Promise<T>): Promise<T> {
    await this.#permit?.ensureHeld()
    try {
      return await write()
    } catch (error) {
      if (!isTableMissing(error)) throw error
      await this.#client.createTable()
      return write()
    }
  }
}

/** Whether someone else wrote first. A row that is not there cannot refuse to be made: that is an answer of no Table service. */
function wasOvertaken(error: unknown, { kind }: Guard): boolean {
  return kind === 'insert' ? isRowPresent(error) : isOutdated(error) || isRowMissing(error)
}
