import { z } from 'zod'
import { allTenants } from '../../edge/all-tenants.ts'
import { toBatches } from '../../history/batch.ts'
import { readTenantId } from '../../domain/index.ts'
import { defineAppListRoute } from '../define-list-route.ts'
import { dayOf } from '../file-name.ts'
import { tenantSchema, toTenant } from '../shapes/tenant.ts'

export const tenantsRoute = defineAppListRoute({
  name: 'tenants',
  path: 'tenants',
  summary: 'All tenants that the app reads, or did, by id; one that the app alone reads is the only one.',
  parameters: {},
  params: z.strictObject({}),
  pages: { size: { highest: 1000, standard: 1000 }, position: z.object({ tenantId: z.string().refine((id) => readTenantId(id) === id) }) },
  head: {},
  rows: 'tenants',
  row: tenantSchema,
  async list(services, { query, position }) {
    const nowMs = services.outside.clock.now()
    const asked = (query as { tenantId?: string }).tenantId
    const wanted = ({ tenantId }: { tenantId: string }) => asked === undefined || tenantId === asked
    return {
      head: {},
      async *read() {
        for await (const { rows, ...batch } of toBatches(allTenants(services, nowMs, position?.tenantId), toTenant, positionOf))
          yield { ...batch, rows: rows.filter(wanted) }
      },
      positionOf,
      fileName: `tenants-${dayOf(services.outside.clock)}`,
    }
  },
})

const positionOf = ({ tenantId }: { tenantId: string }) => ({ tenantId })
