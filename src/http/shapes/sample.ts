import { z } from 'zod'
import {
  agreementOf,
  type CountFigures,
  isVerified,
  LISTS,
  listsLikeOf,
  type SampleFigures,
  shareOf,
  type VerdictCounts,
  VERDICTS,
} from '../../domain/index.ts'
import { count, instant, share } from './values.ts'

const verified = z.boolean().nullable().describe('false below a share of 95 %; null where fewer than 50 machines were judged.')
const verdicts = z.object({ equal: count, more: count, less: count, both: count, share: share.nullable() })

export const verdictSchema = z.enum(VERDICTS)
const listsLike = z.enum(LISTS).nullable().describe('The list that agrees better with Defender itself; null where both agree alike.')

export const sampleSchema = z
  .object({
    due: count.describe('Machines that were to be judged.'),
    n: count.describe('Machines judged: what every share is of.'),
    moved: count.describe('Machines that reported after the export was made, and are in no share.'),
    unanswered: count.describe('Machines for which Defender gave no answer that could be compared.'),
    share: share.nullable().describe('Machines that miss what the list says that agrees better; null where none was judged.'),
    listsLike,
    verified,
    newest: verdicts.describe('By the newest KB of each cumulative product, as it is shown.'),
    raw: verdicts.describe('By all that the export names.'),
    askedAt: instant.nullable(),
    isDone: z.boolean().describe('Whether it is over; where another snapshot came first it never is.'),
  })
  .describe(
    'What Defender itself says of some of the machines of an export: as it lists (equal), fewer KBs (more), others (both), or more (less).',
  )

export const countsSchema = z
  .object({ compared: count, differ: count, largest: count, unanswered: count, comparedAt: instant.nullable() })
  .describe(
    'Machines by product and KB, as we count them and as Defender does: pairs compared, those that differ, and by how much at most.',
  )

const shown = (counts: VerdictCounts, n: number) => ({ ...counts, share: n === 0 ? null : counts.equal / n })

/** A sample as the API shows it. */
export function toSample(figures: SampleFigures): z.infer<typeof sampleSchema> {
  const { due, n, moved, unanswered, newest, raw, askedAt, isDone } = figures
  const agreement = agreementOf(figures)
  return {
    ...{ due, n, moved, unanswered, share: shareOf(agreement), listsLike: listsLikeOf(agreement) },
    verified: isVerified(agreement),
    newest: shown(newest, n),
    raw: shown(raw, n),
    askedAt,
    isDone,
  }
}

export const toCounts = ({ compared, differ, largest, unanswered, comparedAt }: CountFigures): z.infer<typeof countsSchema> => ({
  ...{ compared, differ, largest, unanswered, comparedAt },
})

export const verificationSchema = z
  .object({
    verified,
    share,
    n: count,
    listsLike,
  })
  .describe('Whether the export says what Defender itself says of machines, by the newest samples that have 50 machines together.')
