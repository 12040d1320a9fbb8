import { z } from 'zod'
import { type Assessment, type Gap, GAP_KINDS, snapshotStartAt } from '../../domain/index.ts'
import { instant } from './values.ts'

const kind = z
  .enum(GAP_KINDS)
  .describe('unknown: asked, and no answer. silent: no report to Defender for over 30 days. skipped: not asked, or not there.')
const code = z
  .string()
  .describe(
    'The cause: that of the fault, or notAsked, notReached (by a snapshot that failed), silent, neverReported, notOnboarded, platformNotAsked, filteredOut, removed, notListed.',
  )
const atLeast = z.boolean().optional().describe('true where it may have begun before: gaps were not kept yet.')

/** A stretch in which a machine was not assessed, as it stood at a snapshot. */
const openGapSchema = z.object({
  kind,
  code,
  since: instant.describe('The start of the snapshot that opened it: the first that did not assess the machine, for this cause.'),
  atLeast,
})

export const gapSchema = z
  .object({
    kind,
    code,
    from: instant.describe('The start of the snapshot that opened it.'),
    to: instant.optional().describe('The start of the snapshot that closed it, for which it does not hold; left out while it is open.'),
    atLeast,
  })
  .describe('One stretch of snapshots in which a machine was not assessed for one cause.')

export const toGap = ({ kind, code, fromSnapshotId, toSnapshotId, atLeast }: Gap): z.infer<typeof gapSchema> => ({
  kind,
  code,
  from: snapshotStartAt(fromSnapshotId),
  ...(toSnapshotId !== null && { to: snapshotStartAt(toSnapshotId) }),
  ...(atLeast && { atLeast }),
})

export const gapShape = { gap: openGapSchema.optional().describe('Why the machine is not assessed, and since when.') }

/** The gap of an assessment, if there is one. */
export function toOpenGap({ gap }: Assessment): { gap?: z.infer<typeof openGapSchema> } {
  if (!gap) return {}
  const { kind, code, fromSnapshotId, atLeast } = gap
  return { gap: { kind, code, since: snapshotStartAt(fromSnapshotId), ...(atLeast && { atLeast }) } }
}
