import { z } from 'zod'
import { findCohort } from '../../history/trends/cohorts.ts'
import { defineRoute } from '../define-route.ts'
import { query } from '../parameter.ts'
import { monthPathParameter } from '../trend-parameter.ts'
import { ProblemError } from '../problem.ts'
import { requireLatest } from '../resolve.ts'
import { cohortSchema, toCohort } from '../shapes/cohort.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { completeShape, toComplete } from '../shapes/trend-head.ts'

export const cohortRoute = defineRoute({
  name: 'cohort',
  method: 'GET',
  path: 'cohorts/{month}',
  summary: 'What became of the updates of one Patch Tuesday, day by day.',
  authLevel: 'function',
  query: query({}),
  params: z.strictObject({ month: monthPathParameter }),
  responses: { 200: z.object({ asOf: snapshotRefSchema, ...completeShape, ...cohortSchema.shape }) },
  async handle(opened, { params: { month } }) {
    const { tenant, asOf } = await requireLatest(opened)
    const cohort = await findCohort(opened.store, asOf, month)
    if (!cohort) throw new ProblemError('notFound', `No machine was ever seen missing a KB of ${month}.`, { parameter: 'month' })
    return { status: 200, json: { asOf: toSnapshotRef(asOf), ...toComplete(tenant), ...toCohort(cohort) } }
  },
})
