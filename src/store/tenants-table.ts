import { odata, type TransactionAction } from '@azure/data-tables'
import { eachAtOnce } from '../each-at-once.ts'
import { type AppState, readTenantId, type TenantPatch, type TenantState } from '../domain/index.ts'
import { BATCH_LIMITS, type EncodedRow } from './batch.ts'
import { type ColumnsOf, encodeValues, optionalInstant, optionalText } from './columns.ts'
import { APP_ROW, keyAfter, TENANTS_PARTITION } from './keys.ts'
import { readRow } from './read-row.ts'
import { isOutdated, isRowMissing } from './store-error.ts'
import type { StoredRow } from './stored-row.ts'
import type { Table } from './table.ts'
import { tenantColumns, withoutStray } from './tenant-format.ts'

const appColumns: ColumnsOf<AppState> = { lastTickAt: optionalInstant, identitySince: optionalInstant, identityDetail: optionalText }

/** A tenant among all; `damaged`, where its row cannot be read. */
export type TenantOfAll<Name extends keyof TenantState = keyof TenantState> =
  { kind: 'read'; tenantId: string; etag: string; tenant: Pick<TenantState, Name> } | { kind: 'damaged'; tenantId: string }

/** Some of the tenants, in the order of their ids, and the app's own row where it is among them. */
export interface TenantsPage<Name extends keyof TenantState> {
  tenants: TenantOfAll<Name>[]
  app?: AppState
}

/** A patch for a tenant whose row still is the one with this ETag. */
export interface TenantMark {
  tenantId: string
  etag: string
  patch: TenantPatch
}

/** Transactions under way at once: they are all in one partition. */
const BATCHES_AT_ONCE = 4

/** The rows of all tenants, and the app's own, in one partition: a page holds 1,000. */
export class TenantsTable {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  /** Tenants behind an id, with the given columns, or all; the signal is for whoever cannot wait. */
  async *pages<Name extends keyof TenantState>(names?: readonly Name[], after = ''): AsyncGenerator<TenantsPage<Name>> {
    const filter = odata`PartitionKey eq ${TENANTS_PARTITION} and RowKey ge ${after === '' ? '' : keyAfter(after)}`
    // What tells a stray snapshot is read whatever is asked for.
    const wanted = names && [...new Set<keyof TenantState>([...names, 'activeSnapshotId', 'lastSnapshotId'])]
    const select = wanted && [...wanted, ...Object.keys(appColumns)]
    for await (const page of this.#table.pages({ filter, ...(select && { select }) })) {
      const app = page.find(({ rowKey }) => rowKey === APP_ROW)
      const tenants = page.filter(({ rowKey }) => readTenantId(rowKey) === rowKey)
      yield { tenants: tenants.map((stored) => readTenant<Name>(stored, wanted)), ...(app && { app: readApp(app) }) }
    }
  }

  /** The app's own row; nothing known, where there is none. */
  async app(abortSignal?: AbortSignal): Promise<AppState> {
    const stored = await this.#table.get(TENANTS_PARTITION, APP_ROW, abortSignal)
    return stored ? readApp(stored) : NOTHING_KNOWN
  }

  /** Merges into the app's own row, whoever else does. */
  async patchApp(patch: Partial<AppState>): Promise<void> {
    const row = { partitionKey: TENANTS_PARTITION, rowKey: APP_ROW, ...encodeValues(appColumns, patch) }
    await this.#table.upsert([row], 'Merge')
  }

  /** Writes marks, 100 a transaction; the ids of the tenants that have theirs. Whose row was written meanwhile goes without. */
  async mark(marks: readonly TenantMark[]): Promise<Set<string>> {
    const marked = new Set<string>()
    const batches = Array.from({ length: Math.ceil(marks.length / BATCH_LIMITS.rows) }, (_, index) =>
      marks.slice(index * BATCH_LIMITS.rows, (index + 1) * BATCH_LIMITS.rows),
    )
    await eachAtOnce(batches, BATCHES_AT_ONCE, async (batch) => {
      for (const { tenantId } of await this.#markBatch(batch)) marked.add(tenantId)
    })
    return marked
  }

  /** Deletes a tenant's own row: the last of it. */
  async forget(tenantId: string): Promise<void> {
    await this.#table.deleteRow(TENANTS_PARTITION, tenantId)
  }

  /** One row that was written meanwhile refuses them all: then each is tried by itself. */
  async #markBatch(batch: readonly TenantMark[]): Promise<readonly TenantMark[]> {
    try {
      await this.#table.transact(batch.map((mark): TransactionAction => ['update', encoded(mark), 'Merge', { etag: mark.etag }]))
      return batch
    } catch (error) {
      if (!isOutdated(error) && !isRowMissing(error)) throw error
      const marked: TenantMark[] = []
      for (const mark of batch) {
        const { kind } = await this.#table.writeGuarded(encoded(mark), 'Merge', { kind: 'ifMatch', etag: mark.etag })
        if (kind === 'written') marked.push(mark)
      }
      return marked
    }
  }
}

function readTenant<Name extends keyof TenantState>(stored: StoredRow, wanted?: readonly (keyof TenantState)[]): TenantOfAll<Name> {
  const { rowKey: tenantId, etag } = stored
  const row = readRow({ columns: tenantColumns }, stored, wanted)
  return row.kind === 'read' ? { kind: 'read', tenantId, etag, tenant: withoutStray(row.values) } : { kind: 'damaged', tenantId }
}

const encoded = ({ tenantId, patch }: TenantMark): EncodedRow => ({
  partitionKey: TENANTS_PARTITION,
  rowKey: tenantId,
  ...encodeValues(tenantColumns, patch),
})

const NOTHING_KNOWN: AppState = { lastTickAt: null, identitySince: null, identityDetail: null }

/** A property that cannot be read says nothing: the next tick writes it anew. */
function readApp(stored: StoredRow): AppState {
  const row = readRow({ columns: appColumns, repair: () => NOTHING_KNOWN }, stored)
  return row.kind === 'read' ? row.values : NOTHING_KNOWN
}
