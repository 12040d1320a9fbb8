import type { Reported } from '../edge/tenant-report.ts'
import { unknownTenant } from '../edge/refusal.ts'
import type { Services } from '../program.ts'
import { StoreError, UNREADABLE_TENANT } from '../store/index.ts'
import { ProblemError } from './problem.ts'

/** The tenant of a path, if the app reads it, or did; throws a refusal for any other, and for one that is being deleted. */
export async function requireTenantOfPath(services: Services, tenantId: string): Promise<Reported> {
  if (services.kind === 'one' && tenantId !== services.tenantId) throw unknownTenant()
  try {
    const read = await services.store.of(tenantId).tenant.get()
    if (services.kind === 'many' && (!read || read.tenant.deletingSince !== null)) throw unknownTenant()
    return { tenantId, tenant: read?.tenant }
  } catch (error) {
    if (error instanceof StoreError && error.code === UNREADABLE_TENANT) return { tenantId, tenant: undefined, isDamaged: true }
    throw error
  }
}

/** Refuses a `tenantId`, which may be given everywhere, that is another than the path's. */
export function requireSameTenant(params: { tenantId: string }, query: { tenantId?: unknown }): void {
  if (query.tenantId === undefined || query.tenantId === params.tenantId) return
  throw new ProblemError('invalidParameter', 'tenantId must be that of the path, or left out.', { parameter: 'tenantId' })
}

/** Refuses a change of tenants where the app reads one: that is set in its environment. */
export const oneTenant = () =>
  new ProblemError('oneTenant', 'The app reads one tenant, which DEFENDER_TENANT_ID names; DEFENDER_CLIENT_ID makes it read many.')
