import type { TenantPatch, TenantState } from '../domain/index.ts'
import { encodeValues } from './columns.ts'
import { TENANTS_PARTITION, type TenantKeys } from './keys.ts'
import { readRow } from './read-row.ts'
import { StoreError } from './store-error.ts'
import type { GuardedWrite, Table } from './table.ts'
import { tenantColumns as columns, withoutStray } from './tenant-format.ts'

/** The code of the error when a tenant's own row cannot be read: nothing can be done for the tenant then. */
export const UNREADABLE_TENANT = 'UnreadableTenant'

/** A row that was made is there at the next look, unless somebody deletes it in between. */
const CREATE_ATTEMPTS = 3

export interface ReadTenant {
  tenant: TenantState
  etag: string
}

/** The one row of a tenant: lease, active snapshot, budget, schedule, health. All writes are guarded by its ETag. */
export class TenantTable {
  readonly #table: Table
  readonly #tenantId: string

  constructor(table: Table, { tenantId }: TenantKeys) {
    this.#table = table
    this.#tenantId = tenantId
  }

  /** The tenant's row, if there is one. The signal is for whoever cannot wait until the storage is given up as dead. */
  async get(abortSignal?: AbortSignal): Promise<ReadTenant | undefined> {
    const stored = await this.#table.get(TENANTS_PARTITION, this.#tenantId, abortSignal)
    if (!stored) return undefined
    const row = readRow({ columns }, stored)
    if (row.kind === 'read') return { tenant: withoutStray(row.values), etag: stored.etag }
    throw new StoreError(
      `the row ${this.#tenantId} of the table tenants has properties of a type that they cannot have (${row.damaged.join(', ')}): put them right, or delete the row, which is then made again from the snapshots`,
      UNREADABLE_TENANT,
    )
  }

  /** The tenant's row, made if it is not there yet. Throws a `StoreError` where it does not stay. */
  async getOrCreate(fresh: TenantPatch): Promise<ReadTenant> {
    for (let attempt = 1; attempt <= CREATE_ATTEMPTS; attempt++) {
      const found = await this.get()
      if (found) return found
      await this.#table.writeGuarded(this.#encode(fresh), 'Replace', { kind: 'insert' })
    }
    throw new StoreError('the row of the tenant was written and is not there', 'RowNotKept')
  }

  /** Merges a patch into the row if it still is the one with this ETag. */
  async patch(patch: TenantPatch, etag: string): Promise<GuardedWrite> {
    return this.#table.writeGuarded(this.#encode(patch), 'Merge', { kind: 'ifMatch', etag })
  }

  #encode(patch: TenantPatch) {
    return { partitionKey: TENANTS_PARTITION, rowKey: this.#tenantId, ...encodeValues(columns, patch) }
  }
}
