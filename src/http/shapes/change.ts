import { z } from 'zod'
import { type CatalogueFacts, CHANGES, daysMissing, REASONS, snapshotStartAt } from '../../domain/index.ts'
import type { DiffRow } from '../../history/fold.ts'
import { catalogueNowShape, toCatalogueNow } from './catalogue.ts'
import { derivedShape, toDerived } from './derived.ts'
import { exposureShape, toExposure } from './exposure.ts'
import { kbAttributes, toKbAttributes } from './kb.ts'
import { count, instant, snapshotId } from './values.ts'

export const changeSchema = z
  .object({
    machineId: z.string(),
    computerDnsName: z.string().nullable(),
    osPlatform: z.string().nullable(),
    rbacGroupName: z.string().nullable(),
    ...kbAttributes,
    change: z.enum(CHANGES),
    reason: z.enum(REASONS),
    replacedBy: z.array(z.string()).optional().describe('Ids of the KBs that superseded it.'),
    snapshotId,
    at: instant.describe("The start of the change's snapshot."),
    observedAt: instant.describe('The instant of the answer that showed it.'),
    firstMissingAt: instant.describe('The start of the snapshot that first saw it missing.'),
    lastMissingAt: instant.optional().describe('The start of the last snapshot that still saw it missing.'),
    daysMissing: count.describe(
      "Whole days from firstMissingAt to the resolution; of an open one to the diff's end, or to the pair's next change.",
    ),
    ...exposureShape,
    stillExposed: z
      .boolean()
      .nullable()
      .describe(
        'Whether the machine stays exposed: false where the KB was installed or the system replaced, null where nothing can be claimed.',
      ),
    derived: derivedShape.derived,
    ...catalogueNowShape,
  })
  .describe('A KB that a machine began or ceased to miss.')

export type ChangeShape = z.infer<typeof changeSchema>

/** A row of a diff, as the API shows it. */
export function toChange({ change: row, untilSnapshotId }: DiffRow, facts: CatalogueFacts | undefined): ChangeShape {
  const isResolved = row.change === 'resolved'
  return {
    machineId: row.machineId,
    computerDnsName: row.computerDnsName,
    osPlatform: row.osPlatform,
    rbacGroupName: row.rbacGroupName,
    ...toKbAttributes(row),
    change: row.change,
    reason: row.reason,
    ...(row.replacedBy.length > 0 && { replacedBy: [...row.replacedBy] }),
    snapshotId: row.snapshotId,
    at: snapshotStartAt(row.snapshotId),
    observedAt: row.observedAt,
    firstMissingAt: snapshotStartAt(row.appearedSnapshotId),
    ...(row.lastMissingSnapshotId !== null && { lastMissingAt: snapshotStartAt(row.lastMissingSnapshotId) }),
    daysMissing: daysMissing(row.appearedSnapshotId, isResolved ? row.snapshotId : untilSnapshotId),
    ...toExposure(row, isResolved ? row.snapshotId : untilSnapshotId),
    stillExposed: row.stillExposed,
    ...toDerived(row),
    ...toCatalogueNow(facts),
  }
}
