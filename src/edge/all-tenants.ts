import type { Services } from '../program.ts'
import type { TenantOfAll } from '../store/index.ts'
import { type Reported, tenantReport, type TenantReport } from './tenant-report.ts'

/** Pages of reports on all tenants that the app reads, or did, in the order of their ids, from behind one: at an instant (ms). */
export async function* allTenants(services: Services, nowMs: number, after = ''): AsyncGenerator<TenantReport[]> {
  for await (const page of rowsOf(services, after)) yield page.map((reported) => tenantReport(services, reported, nowMs))
}

/** The tenants of the app, but those that are being deleted: nobody sees them any more. */
async function* rowsOf(services: Services, after: string): AsyncGenerator<Reported[]> {
  if (services.kind === 'one') {
    const { tenantId } = services
    const read = after < tenantId ? await services.store.of(tenantId).tenant.get() : undefined
    yield after < tenantId ? [{ tenantId, tenant: read?.tenant }] : []
    return
  }
  for await (const { tenants } of services.store.tenants.pages(undefined, after)) {
    yield tenants.map(reportedOf).filter((reported) => reported !== undefined)
  }
}

/** What is reported of a tenant among all; undefined for one that is being deleted. */
export function reportedOf(found: TenantOfAll): Reported | undefined {
  if (found.kind === 'damaged') return { tenantId: found.tenantId, tenant: undefined, isDamaged: true }
  return found.tenant.deletingSince === null ? found : undefined
}
