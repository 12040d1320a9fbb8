import { z } from 'zod'
import type { Behind } from '../../domain/index.ts'
import { day } from './catalogue.ts'
import { count } from './values.ts'

/** How far a machine is behind by what public sources say. */
export const behindShape = {
  newestCumulativeMissing: z
    .string()
    .optional()
    .describe(
      'Of the KBs missing, the newest cumulative update of its system: installing it brings all before it. Left out where none is known.',
    ),
  newestCumulativeReleasedAt: day.optional(),
  monthsBehind: count
    .optional()
    .describe('Calendar months from the release of the oldest cumulative update missing, or of that which its exposure began with.'),
}

export function toBehind(behind: Behind | undefined): z.infer<z.ZodObject<typeof behindShape>> {
  if (!behind) return {}
  const { newest, months } = behind
  return { newestCumulativeMissing: newest.kbId, newestCumulativeReleasedAt: newest.releasedAt, monthsBehind: months }
}
