import { z } from 'zod'
import { newestCohorts } from '../../history/trends/cohorts.ts'
import { defineListRoute } from '../define-list-route.ts'
import { dayOf } from '../file-name.ts'
import { wholeList } from '../list.ts'
import { numberParameter } from '../number-parameter.ts'
import { requireLatest } from '../resolve.ts'
import { cohortMonth, cohortPointSchema, cohortSchema, toCohort } from '../shapes/cohort.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { completeShape, toComplete } from '../shapes/trend-head.ts'

const STANDARD_MONTHS = 6
/** A cohort is followed for a year. */
const MOST_MONTHS = 12

export const cohortsRoute = defineListRoute({
  name: 'cohorts',
  path: 'cohorts',
  summary: 'What became of the updates of the newest Patch Tuesdays, day by day, newest first.',
  parameters: {
    months: numberParameter('So many of the newest.', { lowest: 1, highest: MOST_MONTHS, standard: STANDARD_MONTHS }).optional(),
  },
  params: z.strictObject({}),
  head: { asOf: snapshotRefSchema, ...completeShape },
  rows: 'cohorts',
  row: cohortSchema,
  table: {
    row: z.object({ cohort: cohortMonth, ...cohortPointSchema.shape }),
    rowsOf: ({ cohort, points }) => points.map((point) => ({ cohort, ...point })),
  },
  async list(opened, { query: { months = STANDARD_MONTHS } }) {
    const { tenant, asOf } = await requireLatest(opened)
    const cohorts = await newestCohorts(opened.store, asOf, months)
    return {
      head: { asOf: toSnapshotRef(asOf), ...toComplete(tenant) },
      ...wholeList(cohorts.map(toCohort)),
      fileName: `cohorts-${dayOf(opened.outside.clock)}`,
    }
  },
})
