import { atOf } from '../domain/index.ts'
import type { OpenTenant } from '../open-tenant.ts'
import { describeError } from '../redact-error.ts'
import type { ReadTenant, TenantsTable } from '../store/index.ts'
import { isHeld, type Lease, LeaseLostError } from './lease.ts'
import { StopRule } from './slice/stop.ts'
import { takeLease } from './take-lease.ts'

export type DeletionResult = { kind: 'deleting'; isDone: boolean } | { kind: 'busy' }

/**
 * One slice of deleting a tenant with its history: as many of its rows as there is time for, and its own row when no other is left. Whoever
 * wrote for it has lost the lease when it was hidden, and is waited for.
 */
export async function deleteTenant(opened: OpenTenant, tenants: TenantsTable, read: ReadTenant): Promise<DeletionResult> {
  const { tenantId, config, outside } = opened
  const nowMs = outside.clock.now()
  if (isHeld(read.tenant, nowMs)) return { kind: 'busy' }
  const lease = await takeLease(opened, read, {})
  if (!lease) return { kind: 'busy' }
  try {
    const stop = new StopRule(outside.clock, nowMs + config.sync.sliceSeconds * 1000)
    const isDone = await deleteRows(opened, lease, stop)
    if (isDone) await tenants.forget(tenantId)
    else await lease.release({ lastSliceAt: atOf(outside.clock.now()), sliceOpen: false })
    outside.log.info('tenant.deleting', { tenantId, deletedRows: lease.tenant.deletedRows, isDone })
    return { kind: 'deleting', isDone }
  } catch (error) {
    if (error instanceof LeaseLostError) throw error
    outside.log.warn('tenant.notDeleted', { tenantId, error: describeError(error) })
    await lease.release({}).catch((cause: unknown) => outside.log.warn('slice.notReleased', { tenantId, error: describeError(cause) }))
    throw error
  }
}

/** Whether all are gone. The own row counts them, page by page. */
async function deleteRows(opened: OpenTenant, lease: Lease, stop: StopRule): Promise<boolean> {
  for await (const rows of opened.heldBy(lease).deleteAll()) {
    await lease.update({ deletedRows: lease.tenant.deletedRows + rows })
    if (stop.isLate) return false
  }
  return true
}
