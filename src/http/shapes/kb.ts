import { z } from 'zod'
import { type Kb, KB_ATTRIBUTES, kbAttributesOf, snapshotStartAt } from '../../domain/index.ts'
import { attributeShapes, count, instant } from './values.ts'

/** A KB, and what Defender says of it. */
export const kbAttributes = { kbId: z.string(), ...attributeShapes(KB_ATTRIBUTES) }

export const kbSchema = z
  .object({
    ...kbAttributes,
    machinesMissing: count.describe('Machines that missed it at the end of the last ended snapshot.'),
    firstSeenAt: instant.describe('The start of the first snapshot in which an answer named it.'),
    lastSeenAt: instant.describe('The start of the last snapshot in which an answer named it.'),
  })
  .describe('A KB that a machine was ever seen missing.')

export function toKbAttributes(described: Pick<Kb, keyof typeof kbAttributes>): z.infer<z.ZodObject<typeof kbAttributes>> {
  return { kbId: described.kbId, ...kbAttributesOf(described) }
}

/** A KB as the API shows it. */
export function toKb(kb: Kb): z.infer<typeof kbSchema> {
  return {
    ...toKbAttributes(kb),
    machinesMissing: kb.machinesMissing,
    firstSeenAt: snapshotStartAt(kb.firstSeenSnapshotId),
    lastSeenAt: snapshotStartAt(kb.lastSeenSnapshotId),
  }
}
