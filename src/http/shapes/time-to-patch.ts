import { z } from 'zod'
import { DAY_CELLS, ENDINGS } from '../../domain/index.ts'
import type { TimeToPatch } from '../../history/trends/time-to-patch.ts'
import { count } from './values.ts'

const days = z.int().min(0)
const percentile = days.nullable()

export const timeToPatchShape = {
  n: count.describe('Exposures that ended so.'),
  p50: percentile.describe('Days within which half of them were over; null where there is none.'),
  ...{ p75: percentile, p90: percentile, p95: percentile },
  resolutionDays: days.describe('How exact days are: what lies between two snapshots.'),
  histogram: z
    .array(z.object({ from: days, to: days.nullable(), count }))
    .describe('By whole days from the first to the last; the last one has no end.'),
  stillMissing: z
    .object({ n: count, over: z.object({ p50: count, p90: count }) })
    .describe('Pairs that are missing at the end, and those of them that are exposed for longer than p50 and p90.'),
  installedWithin: z
    .object({
      days,
      exposures: count.describe('Exposures that began in this stretch, at least so many days before its end.'),
      installed: count.describe('Those of them that were installed within so many days.'),
      installedAtLeast: count.describe('Those of the installed whose exposure may have begun before.'),
      share: z.number().min(0).max(1).nullable().describe('installed of exposures; null where there is none.'),
      leftOut: z
        .object(
          Object.fromEntries(ENDINGS.map((ending) => [ending, count.optional()])) as Record<
            (typeof ENDINGS)[number],
            z.ZodOptional<typeof count>
          >,
        )
        .describe('Ended within so many days by what says nothing of patching: on neither side of the share.'),
    })
    .describe('How much was installed in time.'),
}

/** The figures as the API shows them. */
export function toTimeToPatch({
  n,
  percentiles,
  resolutionDays,
  cells,
  stillMissing,
  within,
}: TimeToPatch): z.infer<z.ZodObject<typeof timeToPatchShape>> {
  return {
    n,
    ...percentiles,
    resolutionDays,
    histogram: cells.map((counted, index) => ({ from: (DAY_CELLS[index - 1] ?? -1) + 1, to: DAY_CELLS[index] ?? null, count: counted })),
    stillMissing,
    installedWithin: { ...within, share: within.exposures > 0 ? within.installed / within.exposures : null },
  }
}
