import { z } from 'zod'
import { type CatalogueFacts, type Kb, KB_ATTRIBUTES, kbAttributesOf, snapshotStartAt } from '../../domain/index.ts'
import { catalogueShape, toCatalogue } from './catalogue.ts'
import { attributeShapes, count, instant } from './values.ts'

/** A KB, and what Defender says of it. */
export const kbAttributes = { kbId: z.string(), ...attributeShapes(KB_ATTRIBUTES) }

export const kbSchema = z
  .object({
    ...kbAttributes,
    machinesMissing: count.describe('Machines that missed it at the end of the last ended snapshot.'),
    machinesOverdue: count
      .nullable()
      .describe(
        'Of those, the machines that should have had it by then, by the policy of that snapshot; null where that was not counted, or nothing is known of it.',
      ),
    firstSeenAt: instant.describe('The start of the first snapshot in which an answer named it.'),
    lastSeenAt: instant.describe('The start of the last snapshot in which an answer named it.'),
    ...catalogueShape,
  })
  .describe('A KB that a machine was ever seen missing.')

export function toKbAttributes(described: Pick<Kb, keyof typeof kbAttributes>): z.infer<z.ZodObject<typeof kbAttributes>> {
  return { kbId: described.kbId, ...kbAttributesOf(described) }
}

/** Of a KB that nothing is known of, nobody can say that no machine is overdue. */
export const machinesOverdue = (kb: Kb, facts: CatalogueFacts | undefined): number | null =>
  facts || (kb.machinesOverdue ?? 0) > 0 ? kb.machinesOverdue : null

/** A KB as the API shows it. */
export function toKb(kb: Kb, facts: CatalogueFacts | undefined): z.infer<typeof kbSchema> {
  return {
    ...toKbAttributes(kb),
    machinesMissing: kb.machinesMissing,
    machinesOverdue: machinesOverdue(kb, facts),
    firstSeenAt: snapshotStartAt(kb.firstSeenSnapshotId),
    lastSeenAt: snapshotStartAt(kb.lastSeenSnapshotId),
    ...toCatalogue(facts),
  }
}
