import { z } from 'zod'
import { RESOLVED_REASONS } from '../../domain/index.ts'
import { timeToPatch } from '../../history/trends/time-to-patch.ts'
import { defineRoute } from '../define-route.ts'
import { numberParameter } from '../number-parameter.ts'
import { query, wordParameter } from '../parameter.ts'
import { groupOfTrendParameter, trendRangeParameters } from '../trend-parameter.ts'
import { readTrend } from '../read-trend.ts'
import { requireTrendRange } from '../resolve.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { timeToPatchShape, toTimeToPatch } from '../shapes/time-to-patch.ts'
import { completeShape, sinceShape, toComplete, toSince } from '../shapes/trend-head.ts'

const STANDARD_DAYS = 30

export const timeToPatchRoute = defineRoute({
  name: 'timeToPatch',
  method: 'GET',
  path: 'time-to-patch',
  summary:
    'How long machines had been exposed when updates were installed, or their exposures ended otherwise, and how much was installed in time.',
  authLevel: 'function',
  query: query({
    ...trendRangeParameters,
    rbacGroup: groupOfTrendParameter.optional(),
    reason: wordParameter(RESOLVED_REASONS, 'What exposures ended by.', 'installed').optional(),
    days: numberParameter('Days within which updates should be installed.', {
      lowest: 0,
      highest: 365,
      standard: STANDARD_DAYS,
    }).optional(),
  }),
  params: z.strictObject({}),
  responses: {
    200: z.object({ asOf: snapshotRefSchema, reason: z.enum(RESOLVED_REASONS), ...completeShape, ...sinceShape, ...timeToPatchShape }),
  },
  async handle(opened, { query: { from, to, rbacGroup, reason = 'installed', days = STANDARD_DAYS } }) {
    const { tenant, asOf, stretch } = await requireTrendRange(opened, from, to)
    const { points } = await readTrend(opened, stretch, { grain: 'day', rbacGroup })
    const figures = toTimeToPatch(timeToPatch(points, stretch, reason, days))
    const head = { asOf: toSnapshotRef(asOf), reason, ...toComplete(tenant), ...(rbacGroup !== undefined && toSince(tenant)) }
    return { status: 200, json: { ...head, ...figures } }
  },
})
