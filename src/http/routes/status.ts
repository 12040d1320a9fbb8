import { z } from 'zod'
import type { TenantState } from '../../domain/index.ts'
import { nextStartOf, TENANT_STATUSES, tenantHealth } from '../../edge/tenant-health.ts'
import { readStanding } from '../../history/standing.ts'
import { defineRoute } from '../define-route.ts'
import { query } from '../parameter.ts'
import { budgetSchema, toBudget } from '../shapes/budget.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { snapshotSchema, toSnapshot } from '../shapes/snapshot.ts'
import { instant } from '../shapes/values.ts'

const blocked = z
  .object({ code: z.string(), detail: z.string(), since: instant.nullable() })
  .describe('Why Defender refuses the app, or why there is no token for it.')

export const statusRoute = defineRoute({
  name: 'status',
  method: 'GET',
  path: 'status',
  summary: 'How the app stands: the snapshot under way, the next start, what is left of the quota, and what is in its way.',
  authLevel: 'function',
  query: query({}),
  params: z.strictObject({}),
  responses: {
    200: z.object({
      status: z.enum(TENANT_STATUSES),
      detail: z.string().optional(),
      asOf: snapshotRefSchema.optional().describe('The newest ended snapshot; left out before there is one.'),
      running: snapshotSchema.optional().describe('The snapshot that is pending or running.'),
      nextStartAt: instant.nullable().describe('When the schedule starts a snapshot next; null if never.'),
      budget: budgetSchema,
      notBefore: instant.nullable().describe('No call before: Defender said so, or seems to be out of order.'),
      blocked: blocked.optional(),
    }),
  },
  async handle(opened) {
    const { outside, store } = opened
    const now = outside.clock.now()
    const tenant = (await store.tenant.get())?.tenant
    const { asOf, running } = tenant ? await readStanding(store, tenant) : {}
    const startMs = nextStartOf(opened, tenant, now)
    return {
      status: 200,
      json: {
        ...tenantHealth(opened, tenant, now),
        ...(asOf && { asOf: toSnapshotRef(asOf) }),
        ...(tenant && running && { running: toSnapshot(running, opened, tenant) }),
        nextStartAt: startMs === null ? null : new Date(startMs).toISOString(),
        budget: toBudget(opened, tenant),
        notBefore: tenant && isAhead(tenant.notBefore, now) ? tenant.notBefore : null,
        ...(tenant && toBlocked(tenant)),
      },
    }
  },
})

const isAhead = (at: string | null, now: number) => at !== null && Date.parse(at) > now

function toBlocked(tenant: TenantState): { blocked?: z.infer<typeof blocked> } {
  const { blockedCode, blockedDetail, blockedAt, identitySince, identityDetail } = tenant
  if (blockedCode !== null) return { blocked: { code: blockedCode, detail: blockedDetail ?? '', since: blockedAt } }
  if (identitySince !== null) return { blocked: { code: 'noToken', detail: identityDetail ?? '', since: identitySince } }
  return {}
}
