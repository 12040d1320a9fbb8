import { z } from 'zod'
import { GRAINS } from '../../history/trends/series.ts'
import { defineListRoute } from '../define-list-route.ts'
import { wholeList } from '../list.ts'
import { wordParameter } from '../parameter.ts'
import { groupOfTrendParameter, trendRangeParameters } from '../trend-parameter.ts'
import { readTrend } from '../read-trend.ts'
import { requireTrendRange } from '../resolve.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { AGE_BUCKETS_SHOWN, ageBucketsShape, toTrendPoint, trendPointSchema } from '../shapes/trend.ts'
import { completeShape, sinceShape, toComplete, toSince } from '../shapes/trend-head.ts'

export const trendsRoute = defineListRoute({
  name: 'trends',
  path: 'trends',
  summary:
    'What machines stood at, and what came to pass, over time: missing pairs by the age of their exposure, coverage, flows by reason, calls.',
  parameters: {
    ...trendRangeParameters,
    grain: wordParameter(GRAINS, 'How far apart points are; the finest with at most 400 points if left out.').optional(),
    rbacGroup: groupOfTrendParameter.optional(),
  },
  params: z.strictObject({}),
  head: { asOf: snapshotRefSchema, grain: z.enum(GRAINS), ageBuckets: ageBucketsShape, ...completeShape, ...sinceShape },
  rows: 'points',
  row: trendPointSchema,
  async list(opened, { query: { from, to, grain, rbacGroup } }) {
    const { tenant, asOf, stretch } = await requireTrendRange(opened, from, to)
    const series = await readTrend(opened, stretch, { grain, rbacGroup })
    return {
      head: {
        asOf: toSnapshotRef(asOf),
        grain: series.grain,
        ageBuckets: AGE_BUCKETS_SHOWN,
        ...toComplete(tenant),
        ...(rbacGroup !== undefined && toSince(tenant)),
      },
      ...wholeList(series.points.map(toTrendPoint)),
      fileName: `trends-${stretch.from}-${stretch.to}`,
    }
  },
})
