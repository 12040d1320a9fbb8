import { z } from 'zod'
import { type Snapshot, snapshotStartAt, snapshotStartMs, sumOf } from '../../domain/index.ts'
import type { Overview } from '../../history/trends/overview.ts'
import { GRAINS } from '../../history/trends/series.ts'
import { timeToPatch } from '../../history/trends/time-to-patch.ts'
import { cohortSchema, toCohort } from './cohort.ts'
import { timeToPatchShape, toTimeToPatch } from './time-to-patch.ts'
import { topKbSchema, topMachineSchema, toTopKb, toTopMachine } from './top.ts'
import {
  AGE_BUCKETS_SHOWN,
  ageBucketsShape,
  ages,
  appearedCounts,
  deadlineCounts,
  resolvedCounts,
  standingsShape,
  toStandings,
  toTrendPoint,
  trendPointSchema,
} from './trend.ts'
import { count, instant, snapshotId } from './values.ts'

const ROWS_OF_LIST = 10
const ROWS_OF_SAMPLE = 5
/** Within which updates should be installed. */
const DAYS = 30

const group = z.object({ key: z.string().nullable(), ...standingsShape })

/** What is counted of a tenant at the end of its newest snapshot. */
export const overviewShape = {
  totals: z.object({
    pairs: count.describe('Pairs of a machine and a KB that it misses.'),
    atLeast: count.nullable().describe('Those whose exposure may have begun before; null where that was not counted yet.'),
    ages: ages.nullable().describe('Pairs by the age of their exposure; null where that was not counted yet.'),
    machines: count.describe('Machines that miss something.'),
    kbs: count.describe('KBs that some machine misses.'),
    deadlines: deadlineCounts,
  }),
  comparedWith: z.object({ snapshotId, startedAt: instant }).optional().describe('The ended snapshot before, in these 90 days.'),
  delta: z.object({ pairs: z.int(), machines: z.int(), kbs: z.int() }).optional().describe('How totals differ from those of comparedWith.'),
  flows: z.object({ appeared: appearedCounts, resolved: resolvedCounts }).optional().describe('What came to pass in the newest snapshot.'),
  timeToPatch: z
    .object({ from: instant, ...timeToPatchShape })
    .describe('Over the trend; histogram and percentiles are of exposures that ended as installed.'),
  trend: z.object({ from: instant, grain: z.enum(GRAINS), ageBuckets: ageBucketsShape, points: z.array(trendPointSchema) }),
  cohorts: z.array(cohortSchema).describe('The newest Patch Tuesdays, newest first.'),
  groups: z.array(group).describe('Those with most missing pairs first.'),
  others: group.omit({ key: true }).extend({ groups: count }).optional().describe('All other groups as one.'),
  worstKbs: z.array(topKbSchema).describe('Missed by most machines.'),
  oldestMachines: z.array(topMachineSchema).describe('Exposed for longest.'),
  unknown: z.object({ count, sample: z.array(topMachineSchema) }).describe('Machines without an observation in the newest snapshot.'),
}

export function toOverview(overview: Overview, asOf: Snapshot): z.infer<z.ZodObject<typeof overviewShape>> {
  const { stretch, points, trend, cohorts, groups, others, top } = overview
  const from = snapshotStartAt(stretch.from)
  const { snapshotId } = asOf
  return {
    ...ofNewest(overview, asOf),
    timeToPatch: { from, ...toTimeToPatch(timeToPatch(points, stretch, 'installed', DAYS)) },
    trend: { from, grain: trend.grain, ageBuckets: AGE_BUCKETS_SHOWN, points: trend.points.map(toTrendPoint) },
    cohorts: cohorts.map(toCohort),
    groups: groups.map((point) => ({ key: point.group, ...toStandings(point, undefined) })),
    ...(others && { others: { groups: others.groups, ...toStandings(others, undefined) } }),
    worstKbs: (top.worstKbs?.items ?? []).slice(0, ROWS_OF_LIST).map(toTopKb),
    oldestMachines: (top.oldestMachines?.items ?? []).slice(0, ROWS_OF_LIST).map((item) => toTopMachine(item, snapshotId)),
    unknown: {
      count: asOf.unknown,
      sample: (top.longUnknown?.items ?? []).slice(0, ROWS_OF_SAMPLE).map((item) => toTopMachine(item, snapshotId)),
    },
  }
}

/** Of the newest snapshot and the one before it; what was not counted at its end is left out. */
function ofNewest({ points }: Overview, asOf: Snapshot) {
  const { missingPairs, missingMachines, missingKbs } = asOf
  const own = points.at(-1)?.snapshotId === asOf.snapshotId ? points.at(-1) : undefined
  const before = own && points.at(-2)
  const shown = own && toTrendPoint(own)
  return {
    totals: {
      pairs: missingPairs,
      atLeast: shown?.atLeast ?? null,
      ages: shown?.pairs ?? null,
      machines: missingMachines,
      kbs: missingKbs,
      deadlines: own?.deadlines ?? null,
    },
    ...(before && {
      comparedWith: { snapshotId: before.snapshotId, startedAt: snapshotStartAt(before.snapshotId) },
      delta: {
        pairs: missingPairs - sumOf(before.pairs),
        machines: missingMachines - sumOf(before.machinesByAge),
        kbs: missingKbs - (before.missingKbs ?? missingKbs),
      },
    }),
    ...(shown && { flows: { appeared: shown.appeared, resolved: shown.resolved } }),
  }
}

/** Whole hours since the snapshot started. */
export const ageHoursOf = ({ snapshotId: id }: Snapshot, nowMs: number) =>
  Math.max(0, Math.floor((nowMs - snapshotStartMs(id)) / 3_600_000))
