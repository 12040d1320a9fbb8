import { z } from 'zod'
import { unknownTenant } from '../../edge/refusal.ts'
import { tenantReport } from '../../edge/tenant-report.ts'
import { disableTenant, hideTenant } from '../../sync/index.ts'
import { defineAppRoute } from '../define-route.ts'
import { appQuery, tenantIdPathParameter, wordParameter } from '../parameter.ts'
import { problemSchema } from '../problem.ts'
import { count, instant } from '../shapes/values.ts'
import { tenantSchema, toTenant } from '../shapes/tenant.ts'
import { oneTenant, requireSameTenant } from '../tenant-parameter.ts'

const deleting = z
  .object({ tenantId: z.string(), status: z.literal('deleting'), since: instant, deletedRows: count })
  .describe('How far the deletion is. When all is gone, the tenant is unknown: 404.')

export const tenantDeleteRoute = defineAppRoute({
  name: 'tenantDelete',
  method: 'DELETE',
  path: 'tenants/{tenantId}',
  summary: 'Stops reading a tenant and keeps its history; with history=true deletes that as well, and asked again says how far it is.',
  authLevel: 'admin',
  query: appQuery({ history: wordParameter(['true', 'false'], 'Whether the history is deleted as well.', 'false').optional() }),
  params: z.strictObject({ tenantId: tenantIdPathParameter }),
  responses: { 200: tenantSchema, 202: deleting, 409: problemSchema, 413: problemSchema },
  async handle(services, { params, query }) {
    requireSameTenant(params, query)
    const { tenantId } = params
    const { history } = query
    if (services.kind === 'one') throw oneTenant()
    const nowMs = services.outside.clock.now()
    const store = services.store.of(tenantId)
    const tenant = history === 'true' ? await hideTenant(store, nowMs) : await disableTenant(store)
    if (!tenant) throw unknownTenant()
    services.outside.log.info('tenant.removed', { tenantId, history: history === 'true' })
    const { deletingSince, deletedRows } = tenant
    if (deletingSince !== null) return { status: 202, json: { tenantId, status: 'deleting' as const, since: deletingSince, deletedRows } }
    return { status: 200, json: toTenant(tenantReport(services, { tenantId, tenant }, nowMs)) }
  },
})
