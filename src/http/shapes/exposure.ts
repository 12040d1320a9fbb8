import { z } from 'zod'
import { daysMissing, exposureOf, type Interval, snapshotStartAt } from '../../domain/index.ts'
import { count, instant } from './values.ts'

/** The exposure that an interval belongs to. */
export const exposureShape = {
  exposedSince: instant.describe(
    'The start of the snapshot since which the machine lacks what the KB brings: of the first interval that it took over, KB after KB.',
  ),
  daysExposed: count.describe('Whole days from exposedSince, to where daysMissing ends.'),
  exposedAtLeast: z.boolean().describe('The exposure may have begun before: nothing was known of the machine until then, or for a while.'),
}

/** As it stood at a snapshot. */
export function toExposure(
  interval: Pick<Interval, 'exposedSince' | 'exposedAtLeast' | 'appearedSnapshotId'>,
  untilSnapshotId: string,
): z.infer<z.ZodObject<typeof exposureShape>> {
  const { exposedSince, exposedAtLeast } = exposureOf(interval)
  return { exposedSince: snapshotStartAt(exposedSince), daysExposed: daysMissing(exposedSince, untilSnapshotId), exposedAtLeast }
}
