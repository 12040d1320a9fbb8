import { z } from 'zod'
import { TENANT_STATUSES, tenantHealth } from '../../edge/tenant-health.ts'
import { readStanding } from '../../history/standing.ts'
import { OVERVIEW_POLICY, readOverview } from '../../history/trends/overview.ts'
import { startsADay } from '../../sync/index.ts'
import { defineRoute } from '../define-route.ts'
import { entityTag, isNamedBy } from '../entity-tag.ts'
import { query } from '../parameter.ts'
import { ProblemError } from '../problem.ts'
import { requireTenant } from '../resolve.ts'
import { budgetSchema, toBudget } from '../shapes/budget.ts'
import { ageHoursOf, overviewShape, toOverview } from '../shapes/overview.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { snapshotSchema, toSnapshot } from '../shapes/snapshot.ts'
import { completeShape, sinceShape, toComplete, toSince } from '../shapes/trend-head.ts'
import { count } from '../shapes/values.ts'

const shown = z.object({
  asOf: snapshotRefSchema,
  ageHours: count.describe('Whole hours since that snapshot started.'),
  status: z.enum(TENANT_STATUSES),
  detail: z.string().optional(),
  running: snapshotSchema.optional(),
  budget: budgetSchema,
  ...completeShape,
  ...sinceShape,
  ...overviewShape,
})

const ETAG = {
  description: 'Changes when a snapshot ends, and while one runs: named in If-None-Match, it makes the answer 304 as long as it holds.',
  required: true,
  schema: { type: 'string' },
} as const

export const overviewRoute = defineRoute({
  name: 'overview',
  method: 'GET',
  path: 'overview',
  summary:
    'How things stand, at a glance: what is missing and for how long, what changed, what became of the newest Patch Tuesdays, who is worst.',
  authLevel: 'function',
  query: query({}),
  params: z.strictObject({}),
  responses: { 200: shown },
  responseHeaders: { 200: { ETag: ETAG }, 304: { ETag: ETAG } },
  isConditional: true,
  async handle(opened, { ifNoneMatch }) {
    const { config, outside, store, version } = opened
    const tenant = await requireTenant(opened)
    const { asOf, running } = await readStanding(store, tenant)
    if (!asOf) throw new ProblemError('notFound', 'No snapshot has ended yet.')
    const now = outside.clock.now()
    const shownRunning = running && toSnapshot(running, opened, tenant)
    const etag = entityTag(version, asOf.snapshotId, shownRunning?.snapshotId, shownRunning?.progress, tenant.trendsDerived)
    if (isNamedBy(etag, ifNoneMatch)) return { status: 304, headers: { etag } }
    const overview = await readOverview(store, asOf, startsADay(config.sync.schedule, now, OVERVIEW_POLICY.startsADay))
    return {
      status: 200,
      headers: { etag },
      json: {
        asOf: toSnapshotRef(asOf),
        ageHours: ageHoursOf(asOf, now),
        ...tenantHealth(opened, tenant, now),
        ...(shownRunning && { running: shownRunning }),
        budget: toBudget(opened, tenant),
        ...toComplete(tenant),
        ...toSince(tenant),
        ...toOverview(overview, asOf),
      },
    }
  },
})
