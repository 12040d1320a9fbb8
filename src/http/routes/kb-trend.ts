import { z } from 'zod'
import { countOf, type KbTrendPoint, snapshotStartAt } from '../../domain/index.ts'
import { defineListRoute } from '../define-list-route.ts'
import { wholeList } from '../list.ts'
import { kbIdPathParameter } from '../parameter.ts'
import { trendRangeParameters } from '../trend-parameter.ts'
import { requireKb, requireTrendRange } from '../resolve.ts'
import { outcomesShape, toOutcomes } from '../shapes/cohort.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { resolvedCounts } from '../shapes/trend.ts'
import { completeShape, toComplete } from '../shapes/trend-head.ts'
import { count, instant, snapshotId } from '../shapes/values.ts'

const kbPointSchema = z
  .object({
    snapshotId,
    at: instant,
    missing: count,
    appeared: count,
    resolved: resolvedCounts,
    cumulative: z.object(outcomesShape).describe('What became of all pairs up to then: missing and all reasons add up to opened.'),
  })
  .describe('A KB at a snapshot in which it changed: it stays so until the next one.')

export const kbTrendRoute = defineListRoute({
  name: 'kbTrend',
  path: 'kbs/{kbId}/trend',
  summary: 'A KB over time: the snapshots in which any machine began, or ceased, to miss it.',
  parameters: trendRangeParameters,
  params: z.strictObject({ kbId: kbIdPathParameter }),
  head: {
    asOf: snapshotRefSchema,
    kbId: z.string(),
    kbName: z.string().nullable(),
    ...completeShape,
    before: kbPointSchema.optional().describe('The last point before the range: what it began with.'),
  },
  rows: 'points',
  row: kbPointSchema,
  async list(opened, { params, query }) {
    const [{ kbId, kbName }, { tenant, asOf, stretch }] = await Promise.all([
      requireKb(opened, params.kbId),
      requireTrendRange(opened, query.from, query.to),
    ])
    const { from, to } = stretch
    const points = (await opened.store.kbTrends.points(kbId, { from: '', to })).map(toKbPoint)
    const before = points.filter((point) => point.snapshotId < from).at(-1)
    return {
      head: { asOf: toSnapshotRef(asOf), kbId, kbName, ...toComplete(tenant), ...(before && { before }) },
      ...wholeList(points.filter((point) => point.snapshotId >= from)),
      fileName: `kb-${kbId}-trend-${to}`,
    }
  },
})

function toKbPoint({ snapshotId, missing, appeared, resolved, opened, became }: KbTrendPoint): z.infer<typeof kbPointSchema> {
  const cumulative = toOutcomes({ opened, became, missing })
  return { snapshotId, at: snapshotStartAt(snapshotId), missing, appeared: countOf(appeared), resolved, cumulative }
}
