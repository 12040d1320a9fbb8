import { z } from 'zod'
import { type CohortPoint, type PairOutcomes, patchTuesdayMs, snapshotStartAt, snapshotStartMs, wholeDays } from '../../domain/index.ts'
import type { CohortSeries } from '../../history/trends/cohorts.ts'
import { resolvedCounts } from './trend.ts'
import { count, instant } from './values.ts'

/** What became of pairs: each counts once, by its last interval, so that all of these add up to those that were opened. */
export const outcomesShape = { opened: count, missing: count, ...resolvedCounts.shape }

export const cohortPointSchema = z
  .object({
    at: instant,
    day: z.int().describe('Whole days since the Patch Tuesday; below 0 before it.'),
    kbs: count,
    ...outcomesShape,
  })
  .describe('What became of a cohort by the end of a day: missing and all reasons add up to opened.')

export const cohortMonth = z.string().meta({ pattern: '^\\d{6}$', examples: ['202605'] })

export const cohortSchema = z
  .object({
    cohort: cohortMonth,
    patchTuesday: instant.describe('When Microsoft released its updates.'),
    opened: count.describe('Pairs of a machine and a KB that were ever missing.'),
    kbs: count,
    daysToHalf: z.int().nullable().describe('Days until half of what was opened by then was installed; null until it is.'),
    daysToNineTenths: z.int().nullable(),
    points: z.array(cohortPointSchema),
  })
  .describe('The KBs of one Patch Tuesday, by its month.')

/** A cohort as the API shows it. */
export function toCohort({ cohort, points }: CohortSeries): z.infer<typeof cohortSchema> {
  const last = points.at(-1)
  return {
    cohort,
    patchTuesday: new Date(patchTuesdayMs(cohort)).toISOString(),
    opened: last?.opened ?? 0,
    kbs: last?.kbs ?? 0,
    daysToHalf: daysToInstalled(cohort, points, 0.5),
    daysToNineTenths: daysToInstalled(cohort, points, 0.9),
    points: points.map((point) => ({
      at: snapshotStartAt(point.snapshotId),
      day: dayOfCohort(cohort, point),
      kbs: point.kbs,
      ...toOutcomes(point),
    })),
  }
}

export const toOutcomes = ({
  opened,
  missing,
  became,
}: PairOutcomes & { missing: number }): z.infer<z.ZodObject<typeof outcomesShape>> => ({
  opened,
  missing,
  ...became,
})

/** Superseded is not installed: a curve that falls because a successor came has reached nothing. */
function daysToInstalled(cohort: string, points: readonly CohortPoint[], part: number): number | null {
  const reached = points.find(({ opened, became }) => opened > 0 && became.installed >= part * opened)
  return reached ? dayOfCohort(cohort, reached) : null
}

const dayOfCohort = (cohort: string, { snapshotId }: CohortPoint) => wholeDays(patchTuesdayMs(cohort), snapshotStartMs(snapshotId))
