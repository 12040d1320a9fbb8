import type { TenantPatch, TenantState } from '../domain/index.ts'
import type { OpenTenant } from '../open-tenant.ts'
import type { ReadTenant } from '../store/index.ts'
import { Lease } from './lease.ts'

/**
 * Takes a tenant's lease with the write of a patch, by its row as it was read; undefined where somebody was first. Taking it also tells the
 * store's time, by which the call budget goes, and answers the message that a tick sent, if it did.
 */
export async function takeLease(opened: OpenTenant, read: ReadTenant, patch: TenantPatch): Promise<Lease | undefined> {
  const { tenantId, store, config, outside } = opened
  const options = { tenantId, rows: store.tenant, clock: outside.clock, leaseSeconds: config.sync.leaseSeconds }
  let lease: Lease | undefined
  await outside.budgetTime.learnFrom(async () => {
    lease = await Lease.take(options, read, { ...patch, ...takenUp(read.tenant) })
    return lease?.taken
  })
  return lease
}

/** Of many tenants: the message was answered. */
const takenUp = ({ dispatchedAt, dispatches }: TenantState): TenantPatch =>
  dispatchedAt === null && dispatches === 0 ? {} : { dispatchedAt: null, dispatches: 0 }
