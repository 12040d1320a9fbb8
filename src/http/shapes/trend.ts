import { z } from 'zod'
import {
  AGE_BUCKETS,
  APPEARED_REASONS,
  type AppearedReason,
  RESOLVED_REASONS,
  type ResolvedReason,
  resolvedOf,
  sharesOf,
  SNAPSHOT_STATUSES,
  SOURCE_KINDS,
  type SnapshotStatus,
  type Standings,
  snapshotStartAt,
  sumOf,
} from '../../domain/index.ts'
import type { SeriesPoint } from '../../history/trends/series.ts'
import { count, instant, share, snapshotId } from './values.ts'

const days = z.int().min(0)

export const ageBucketsShape = z
  .array(z.object({ from: days, to: days.nullable() }))
  .describe('What the counts by age are of: whole days from the first to the last; the last one has no end.')

export const AGE_BUCKETS_SHOWN = AGE_BUCKETS.map((bucket) => ({ ...bucket }))

export const ages = z.array(count).describe('One count for each of ageBuckets.')

function countsBy<Name extends string>(names: readonly Name[]) {
  return z.object(Object.fromEntries(names.map((name) => [name, count])) as Record<Name, typeof count>)
}

export const appearedCounts = countsBy<AppearedReason>(APPEARED_REASONS).describe('Intervals that opened, by reason.')
export const resolvedCounts = countsBy<ResolvedReason>(RESOLVED_REASONS).describe('Intervals that closed, by reason.')

export const deadlineCounts = z
  .object({
    policy: z.string().describe('The policy that the snapshot was counted by.'),
    overdue: count.describe('Missing pairs whose last day was over.'),
    due: count.describe('Those whose last day was not.'),
    none: count.describe('Those that no rule applies to.'),
    withoutFacts: count.describe('Those of which too little is known: neither in time nor overdue.'),
    machinesOverdue: count,
    machinesWithoutFacts: count.describe('Machines without an overdue pair, and with one of which too little is known.'),
  })
  .nullable()
  .describe('Missing pairs and machines by their deadlines; null where that was not counted.')

/** What machines stand at, of a tenant or of a group. */
export const standingsShape = {
  coverage: share.describe('Machines observed of those to be asked.'),
  assessed: share.nullable().describe('Of those to be asked, the ones observed that reported in the last 30 days; null where not counted.'),
  asked: count.describe('Machines to be asked.'),
  observed: count,
  silent: count.nullable().describe('Of the observed, those that have not reported for 30 days; null where not counted.'),
  unknown: count,
  pairs: ages.describe('Pairs of a machine and a KB that it misses, by the age of their exposure.'),
  atLeast: count.describe('Of all pairs, those whose exposure may have begun before.'),
  pairsAtLeast: ages.describe('The same, by age.'),
  machines: ages.describe('Machines that miss something, by the age of their oldest exposure.'),
  deadlines: deadlineCounts,
}

export const trendPointSchema = z
  .object({
    snapshotId,
    at: instant,
    status: z.enum(SNAPSHOT_STATUSES).optional().describe('Left out for a group.'),
    source: z
      .enum(SOURCE_KINDS)
      .optional()
      .describe('Where its observations came from: figures of two sources are no trend. Left out for a group.'),
    ...standingsShape,
    appeared: appearedCounts,
    resolved: resolvedCounts,
    calls: count.optional().describe('Calls to Defender since the point before; left out for a group.'),
    throttled: count.optional(),
  })
  .describe('What machines stand at, and what came to pass since the point before.')

export function toStandings(standings: Standings, status: SnapshotStatus | undefined): z.infer<z.ZodObject<typeof standingsShape>> {
  const { machines, observed, silent, unknown, pairs, pairsAtLeast, machinesByAge, deadlines } = standings
  return {
    ...sharesOf(standings, status),
    asked: machines,
    ...{ observed, silent, unknown },
    pairs: [...pairs],
    atLeast: sumOf(pairsAtLeast),
    pairsAtLeast: [...pairsAtLeast],
    machines: [...machinesByAge],
    deadlines,
  }
}

/** A point as the API shows it. */
export function toTrendPoint(point: SeriesPoint): z.infer<typeof trendPointSchema> {
  const { snapshotId, status, source, calls, throttled, appeared } = point
  return {
    snapshotId,
    at: snapshotStartAt(snapshotId),
    ...(status && { status }),
    ...(source && { source }),
    ...toStandings(point, status),
    appeared,
    resolved: resolvedOf(point),
    ...(calls !== undefined && { calls, throttled }),
  }
}
