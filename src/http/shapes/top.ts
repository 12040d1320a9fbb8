import { z } from 'zod'
import { daysMissing, snapshotStartAt, type TopKb, type TopMachine } from '../../domain/index.ts'
import { cohortMonth } from './cohort.ts'
import { machineSchema } from './machine.ts'
import { count, instant } from './values.ts'

/** A machine on a list of the first. */
export const topMachineSchema = machineSchema.extend({
  exposedSince: instant.optional().describe('The beginning of its oldest exposure; left out where it misses nothing.'),
  daysExposed: count.optional(),
  exposedAtLeast: z.boolean().optional().describe('It may have begun before.'),
  code: z.string().nullable().optional().describe('Why it is unknown.'),
})

export const topKbSchema = z.object({
  kbId: z.string(),
  kbName: z.string().nullable(),
  cohort: cohortMonth.nullable(),
  machinesMissing: count,
})

/** A machine of a list as the API shows it, as of the list's snapshot. */
export function toTopMachine(item: TopMachine, snapshotId: string): z.infer<typeof topMachineSchema> {
  const { exposedSince, exposedAtLeast, oldestMissingAt, missing, lastObservedSnapshotId, state, code, ...attributes } = item
  const exposure = exposedSince !== null && {
    exposedSince: snapshotStartAt(exposedSince),
    daysExposed: daysMissing(exposedSince, snapshotId),
    exposedAtLeast,
  }
  return {
    ...attributes,
    missing: lastObservedSnapshotId === null ? null : missing,
    ...(oldestMissingAt !== null && { oldestMissingAt }),
    lastObservedSnapshotId,
    state,
    ...exposure,
    ...(state === 'unknown' && { code }),
  }
}

export const toTopKb = ({ kbId, kbName, cohort, machinesMissing }: TopKb): z.infer<typeof topKbSchema> => ({
  ...{ kbId, kbName, cohort, machinesMissing },
})
