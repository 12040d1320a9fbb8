import { z } from 'zod'
import { type KbRow, snapshotStartText } from '../../store/index.ts'
import { count, instant } from './values.ts'

/** What Defender says of a KB. */
export const kbAttributes = {
  kbId: z.string(),
  kbName: z.string().nullable(),
  productsNames: z.array(z.string()),
  url: z.string().nullable(),
  cveAddressed: count.nullable(),
}

export const kbSchema = z
  .object({
    ...kbAttributes,
    machinesMissing: count.describe('Machines that missed it at the end of the last ended snapshot.'),
    firstSeenAt: instant.describe('The start of the first snapshot in which an answer named it.'),
    lastSeenAt: instant.describe('The start of the last snapshot in which an answer named it.'),
  })
  .describe('A KB that a machine was ever seen missing.')

export function toKbAttributes(row: Pick<KbRow, keyof typeof kbAttributes>): z.infer<z.ZodObject<typeof kbAttributes>> {
  const { kbId, kbName, productsNames, url, cveAddressed } = row
  return { kbId, kbName, productsNames: [...productsNames], url, cveAddressed }
}

/** A KB as the API shows it. */
export function toKb(row: KbRow): z.infer<typeof kbSchema> {
  return {
    ...toKbAttributes(row),
    machinesMissing: row.machinesMissing,
    firstSeenAt: snapshotStartText(row.firstSeenSnapshotId),
    lastSeenAt: snapshotStartText(row.lastSeenSnapshotId),
  }
}
