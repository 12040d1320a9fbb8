import { z } from 'zod'
import { type CatalogueFacts, type Deadline, dayOfSnapshot, daysBetween, isOverdue } from '../../domain/index.ts'
import { day } from './catalogue.ts'
import { count } from './values.ts'

/** By when what is missing has to be there. */
export const deadlineShape = {
  daysSinceRelease: count.optional().describe('Whole days from the day of release, where daysMissing counts from when it was seen.'),
  dueAt: day.optional().describe('The last day (UTC) in time; left out where no rule applies, or nothing is known.'),
  overdue: z.boolean().optional().describe('Whether dueAt is over; left out with it.'),
  policy: z.string().optional().describe('The policy, and the rule of it that gives dueAt: `standard/all-30-days`.'),
}

/** As it stood at a snapshot. */
export function toDeadline(
  deadline: Deadline,
  { facts, policyName, atSnapshotId }: { facts: CatalogueFacts | undefined; policyName: string; atSnapshotId: string },
): z.infer<z.ZodObject<typeof deadlineShape>> {
  return {
    ...(facts && { daysSinceRelease: Math.max(0, daysBetween(facts.releasedAt, dayOfSnapshot(atSnapshotId))) }),
    ...(deadline.kind === 'due' && {
      dueAt: deadline.day,
      overdue: isOverdue(deadline, atSnapshotId),
      policy: `${policyName}/${deadline.rule}`,
    }),
  }
}
