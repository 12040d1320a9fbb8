import { z } from 'zod'
import { coverageOf, type Snapshot, snapshotStartAt } from '../../domain/index.ts'
import { instant, share, snapshotId } from './values.ts'

export const snapshotRefSchema = z
  .object({
    snapshotId,
    startedAt: instant,
    finishedAt: instant.optional(),
    status: z.enum(['completed', 'incomplete', 'failed']),
    coverage: share,
  })
  .describe('An ended snapshot that an answer refers to.')

/** An ended snapshot, as answers refer to it. */
export function toSnapshotRef(row: Snapshot): z.infer<typeof snapshotRefSchema> {
  const { snapshotId, finishedAt, status } = row
  return {
    snapshotId,
    startedAt: snapshotStartAt(snapshotId),
    ...(finishedAt !== null && { finishedAt }),
    status: status as 'completed' | 'incomplete' | 'failed',
    coverage: coverageOf(row),
  }
}
