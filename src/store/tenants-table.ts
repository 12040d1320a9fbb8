import { decodeValues, encodeValues, flag, integer, text, type Values } from './columns.ts'
import { TENANTS_PARTITION } from './keys.ts'
import type { GuardedWrite, Table } from './table.ts'

const columns = {
  createdAt: text,
  lastTickAt: text,
  /** Who may write for this tenant, and until when. '' and '' when nobody does. */
  leaseOwner: text,
  leaseUntil: text,
  /** Set when a slice begins, cleared when it ends in order: still set at the next slice means that one was killed. */
  sliceOpen: flag,
  /** The snapshot that is pending or running, or ''. */
  activeSnapshotId: text,
  activeTrigger: text,
  activeSlices: integer,
  activeCalls: integer,
  activeThrottled: integer,
  activeRetries: integer,
  activeMilliseconds: integer,
  activeSkippedStarts: integer,
  /** Call budgets, in the ledger's own text. */
  missingKbsBudget: text,
  machinesBudget: text,
  /** The budget that had no call left when the last slice ended, or ''. */
  waitsForBudget: text,
  /** No call before this instant: Defender said so (429). */
  notBefore: text,
  /** Scheduled starts up to this instant are dealt with. */
  scheduledThrough: text,
  /** The newest snapshot ever begun. */
  lastSnapshotId: text,
  /** The first snapshot that listed machines: what it listed is the baseline. */
  baselineSnapshotId: text,
  /** The oldest snapshot, where history begins. */
  oldestSnapshotId: text,
  lastEndedSnapshotId: text,
  lastEndedAt: text,
  /** When a snapshot last ended that had an answer for any machine, or none to ask. */
  lastAnsweredAt: text,
  /** Why Defender refuses the app, until it answers again. */
  blockedCode: text,
  blockedDetail: text,
  blockedAt: text,
}

export type TenantRow = Values<typeof columns> & { tenantId: string }
export type TenantPatch = Partial<Values<typeof columns>>
export type ReadTenant = { tenant: TenantRow; etag: string }

/** One row a tenant: lease, active snapshot, budget, schedule, health. All writes are guarded by its ETag. */
export class TenantsTable {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  /** The tenant's row, if there is one. The signal is for whoever cannot wait until the storage is given up as dead. */
  async get(tenantId: string, abortSignal?: AbortSignal): Promise<ReadTenant | undefined> {
    const stored = await this.#table.get(TENANTS_PARTITION, tenantId, abortSignal)
    return stored && { tenant: { tenantId, ...decodeValues(columns, stored) }, etag: stored.etag }
  }

  /** The tenant's row, made if it is not there yet. */
  async getOrCreate(tenantId: string, fresh: TenantPatch): Promise<ReadTenant> {
    const found = await this.get(tenantId)
    if (found) return found
    await this.#table.writeGuarded(this.#encode(tenantId, fresh), 'Replace', { kind: 'insert' })
    return this.getOrCreate(tenantId, fresh)
  }

  /** Merges a patch into the row if it still is the one with this ETag. */
  async patch(tenantId: string, patch: TenantPatch, etag: string): Promise<GuardedWrite> {
    return this.#table.writeGuarded(this.#encode(tenantId, patch), 'Merge', { kind: 'ifMatch', etag })
  }

  #encode(tenantId: string, patch: TenantPatch) {
    return { partitionKey: TENANTS_PARTITION, rowKey: tenantId, ...encodeValues(columns, patch) }
  }
}
