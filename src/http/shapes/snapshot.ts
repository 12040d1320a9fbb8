import { z } from 'zod'
import {
  assessedOf,
  coverageOf,
  progressOf,
  type Snapshot,
  SNAPSHOT_STATUSES,
  snapshotStartAt,
  SOURCE_KINDS,
  TRIGGERS,
} from '../../domain/index.ts'
import type { OpenTenant } from '../../open-tenant.ts'
import { etaSecondsOf, type Spent } from '../../sync/index.ts'
import { countsSchema, sampleSchema, toCounts, toSample } from './sample.ts'
import { count, instant, share, snapshotId } from './values.ts'

export const snapshotSchema = z
  .object({
    snapshotId,
    tenantId: z.string(),
    status: z.enum(SNAPSHOT_STATUSES),
    trigger: z.enum(TRIGGERS),
    source: z.literal(SOURCE_KINDS),
    sourceTime: instant.optional().describe('When Defender made the export that was read.'),
    startedAt: instant,
    finishedAt: instant.optional(),
    progress: share,
    etaSeconds: count.optional().describe('Estimate from the machines that remain and the quota; left out until the machines are listed.'),
    machines: z.object({ listed: count, observed: count, silent: count.nullable(), unknown: count, skipped: count, removed: count }),
    coverage: share.describe('Machines observed of those to be asked: listed, and of the wanted platforms.'),
    assessed: share
      .nullable()
      .describe(
        'Machines observed that reported in the last 30 days, of those to be asked; null while it runs, and where that was not counted.',
      ),
    changes: z.object({ appeared: count, resolved: count }),
    missing: z.object({ pairs: count, kbs: count, machines: count }),
    api: z.object({ calls: count, throttled: count, retries: count }),
    slices: count,
    activeSeconds: z.number().min(0).describe('Seconds spent in slices.'),
    skippedStarts: count.describe('Scheduled starts that fell due while this snapshot ran.'),
    sample: sampleSchema.optional(),
    counts: countsSchema.optional(),
    error: z.object({ code: z.string(), detail: z.string() }).optional(),
  })
  .describe('One pass over all machines of a tenant.')

export type SnapshotShape = z.infer<typeof snapshotSchema>

/** A tenant's snapshot at this instant, as the API shows it. */
export function toSnapshot(
  row: Snapshot,
  { tenantId, config, outside }: Pick<OpenTenant, 'tenantId' | 'config' | 'outside'>,
  spent: Spent,
): SnapshotShape {
  const etaSeconds = etaSecondsOf(row, config.sync, spent, outside.clock.now())
  return {
    snapshotId: row.snapshotId,
    tenantId,
    status: row.status,
    trigger: row.trigger,
    source: row.source,
    ...(row.sourceTime !== null && { sourceTime: row.sourceTime }),
    startedAt: snapshotStartAt(row.snapshotId),
    ...(row.finishedAt !== null && { finishedAt: row.finishedAt }),
    progress: progressOf(row),
    ...(etaSeconds !== undefined && { etaSeconds }),
    machines: {
      listed: row.listed,
      observed: row.observed,
      silent: row.silent,
      unknown: row.unknown,
      skipped: row.skipped,
      removed: row.removed,
    },
    coverage: coverageOf(row),
    assessed: assessedOf(row),
    changes: { appeared: row.appeared, resolved: row.resolved },
    missing: { pairs: row.missingPairs, kbs: row.missingKbs, machines: row.missingMachines },
    api: { calls: row.calls, throttled: row.throttled, retries: row.retries },
    slices: row.slices,
    activeSeconds: row.activeMilliseconds / 1000,
    skippedStarts: row.skippedStarts,
    ...(row.sample && { sample: toSample(row.sample) }),
    ...(row.counts && { counts: toCounts(row.counts) }),
    ...(row.errorCode !== null && { error: { code: row.errorCode, detail: row.errorDetail ?? '' } }),
  }
}
