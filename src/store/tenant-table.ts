import { BUDGET_NAMES, FIRST_SNAPSHOT_ID, type TenantPatch, type TenantState, TRIGGERS } from '../domain/index.ts'
import {
  type ColumnsOf,
  encodeValues,
  flag,
  integer,
  optionalInstant,
  optionalInteger,
  optionalSnapshotId,
  optionalText,
  optionalWord,
} from './columns.ts'
import { TENANTS_PARTITION, type TenantKeys } from './keys.ts'
import { readRow } from './read-row.ts'
import { StoreError } from './store-error.ts'
import type { GuardedWrite, Table } from './table.ts'

const columns: ColumnsOf<TenantState> = {
  createdAt: optionalText,
  lastTickAt: optionalInstant,
  leaseOwner: optionalText,
  leaseUntil: optionalInstant,
  sliceOpen: flag,
  activeSnapshotId: optionalSnapshotId(),
  activeTrigger: optionalWord(TRIGGERS),
  activeSlices: integer,
  activeCalls: integer,
  activeThrottled: integer,
  activeRetries: integer,
  activeMilliseconds: integer,
  activeSkippedStarts: integer,
  activeStalledMilliseconds: integer,
  brokenSlices: integer,
  suspectMachineId: optionalText,
  suspectSlices: integer,
  missingKbsBudget: optionalText,
  machinesBudget: optionalText,
  waitsForBudget: optionalWord(BUDGET_NAMES),
  notBefore: optionalInstant,
  scheduledThrough: optionalInstant,
  lastSnapshotId: optionalSnapshotId(),
  // There was one, whichever: who joins now is no part of it, and no snapshot is hidden.
  baselineSnapshotId: optionalSnapshotId(FIRST_SNAPSHOT_ID),
  oldestSnapshotId: optionalSnapshotId(FIRST_SNAPSHOT_ID),
  lastEndedSnapshotId: optionalSnapshotId(),
  lastEndedAt: optionalText,
  lastAnsweredAt: optionalText,
  trendsSince: optionalSnapshotId(),
  gapsSince: optionalSnapshotId(),
  trendsDerived: flag,
  trendsRetryAt: optionalInstant,
  assessedPpm: optionalInteger,
  blockedCode: optionalText,
  blockedDetail: optionalText,
  blockedAt: optionalText,
  identitySince: optionalText,
  identityDetail: optionalText,
}

/** The code of the error when a tenant's own row cannot be read: nothing can be done for the tenant then. */
export const UNREADABLE_TENANT = 'UnreadableTenant'

/** A row that was made is there at the next look, unless somebody deletes it in between. */
const CREATE_ATTEMPTS = 3

export interface ReadTenant {
  tenant: TenantState
  etag: string
}

/** What is active is the newest that was ever begun. A later one was written by somebody else, and would stand behind all that follow it. */
function withoutStray(tenant: TenantState): TenantState {
  const { activeSnapshotId, lastSnapshotId } = tenant
  const isStray = activeSnapshotId !== null && lastSnapshotId !== null && activeSnapshotId > lastSnapshotId
  return isStray ? { ...tenant, activeSnapshotId: null } : tenant
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
