import { z } from 'zod'
import { tenantReport } from '../../edge/tenant-report.ts'
import { defineAppRoute } from '../define-route.ts'
import { appQuery, tenantIdPathParameter } from '../parameter.ts'
import { tenantSchema, toTenant } from '../shapes/tenant.ts'
import { requireSameTenant, requireTenantOfPath } from '../tenant-parameter.ts'

export const tenantRoute = defineAppRoute({
  name: 'tenant',
  method: 'GET',
  path: 'tenants/{tenantId}',
  summary: 'One tenant.',
  authLevel: 'function',
  query: appQuery({}),
  params: z.strictObject({ tenantId: tenantIdPathParameter }),
  responses: { 200: tenantSchema },
  async handle(services, { params, query }) {
    requireSameTenant(params, query)
    const reported = await requireTenantOfPath(services, params.tenantId)
    return { status: 200, json: toTenant(tenantReport(services, reported, services.outside.clock.now())) }
  },
})
