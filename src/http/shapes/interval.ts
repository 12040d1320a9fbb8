import { z } from 'zod'
import { APPEARED_REASONS, daysMissing, type Interval, RESOLVED_REASONS, snapshotStartAt } from '../../domain/index.ts'
import { derivedShape, toDerived } from './derived.ts'
import { exposureShape, toExposure } from './exposure.ts'
import { kbAttributes, toKbAttributes } from './kb.ts'
import { count, instant, snapshotId } from './values.ts'

export const intervalSchema = z
  .object({
    ...kbAttributes,
    state: z.enum(['open', 'closed']),
    firstMissingAt: instant.describe('The start of the snapshot that first saw it missing.'),
    lastMissingAt: instant.optional().describe('The start of the last snapshot that still saw it missing; left out while open.'),
    daysMissing: count.describe('Whole days from firstMissingAt to resolvedAt; while open, to the last observation of the machine.'),
    ...exposureShape,
    appearedSnapshotId: snapshotId,
    appearedReason: z.enum(APPEARED_REASONS),
    appearedObservedAt: instant.describe('The instant of the answer that first showed it.'),
    resolvedSnapshotId: snapshotId.optional(),
    resolvedAt: instant.optional().describe('The start of the snapshot that no longer saw it missing.'),
    resolvedReason: z.enum(RESOLVED_REASONS).optional(),
    resolvedObservedAt: instant.optional(),
    replacedBy: z.array(z.string()).optional().describe('Ids of the KBs that superseded it.'),
    ...derivedShape,
  })
  .describe('One stretch in which a machine misses a KB.')

/** An interval as the API shows it; an open one as it stood at a snapshot. */
export function toInterval(interval: Interval, openUntilSnapshotId: string): z.infer<typeof intervalSchema> {
  const { appearedSnapshotId, resolvedSnapshotId, resolvedObservedAt, resolvedReason, lastMissingSnapshotId, replacedBy } = interval
  const resolved = resolvedSnapshotId !== null && {
    resolvedSnapshotId,
    resolvedAt: snapshotStartAt(resolvedSnapshotId),
    resolvedObservedAt: resolvedObservedAt ?? '',
  }
  return {
    ...toKbAttributes(interval),
    state: resolved ? 'closed' : 'open',
    firstMissingAt: snapshotStartAt(appearedSnapshotId),
    ...(lastMissingSnapshotId !== null && { lastMissingAt: snapshotStartAt(lastMissingSnapshotId) }),
    daysMissing: daysMissing(appearedSnapshotId, resolvedSnapshotId ?? openUntilSnapshotId),
    ...toExposure(interval, resolvedSnapshotId ?? openUntilSnapshotId),
    appearedSnapshotId,
    appearedReason: interval.appearedReason,
    appearedObservedAt: interval.appearedObservedAt,
    ...resolved,
    ...(resolvedReason !== null && { resolvedReason }),
    ...(replacedBy.length > 0 && { replacedBy: [...replacedBy] }),
    ...toDerived(interval),
  }
}
