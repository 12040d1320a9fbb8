import { type Grain, readGroupSeries, readSeries, type Series } from '../history/trends/series.ts'
import type { Stretch } from '../history/trends/stretch.ts'
import type { OpenTenant } from '../open-tenant.ts'
import { ProblemError } from './problem.ts'

/** What a trend is asked of: a grain, the finest that fits if left out, and a group, all machines if left out. */
interface AskedTrend {
  grain: Grain | undefined
  rbacGroup: string | null | undefined
}

/** The points of all machines, or of a group. A group that was never counted is no group that misses nothing: 404. */
export async function readTrend({ store }: OpenTenant, stretch: Stretch, { grain, rbacGroup }: AskedTrend): Promise<Series> {
  if (rbacGroup === undefined) return readSeries(store, stretch, grain)
  if (grain === 'snapshot') throw noGroupPoints()
  const series = await readGroupSeries(store, rbacGroup, stretch, grain)
  if (series.points.length > 0) return series
  throw new ProblemError('notFound', 'No machine of this group was counted in this time. Names of groups are as Defender writes them.', {
    parameter: 'rbacGroup',
  })
}

const noGroupPoints = () =>
  new ProblemError('invalidParameter', 'grain must be day, week or month where rbacGroup is given: groups have one point a day.', {
    parameter: 'grain',
  })
