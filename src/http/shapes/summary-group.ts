import { z } from 'zod'
import type { Grouping, SummaryGroup } from '../../history/summary.ts'
import { count } from './values.ts'

export const summaryCounts = {
  appeared: count,
  resolved: count,
  installed: count.describe('Those of the resolved that were patched.'),
  stillExposed: count.describe('Those of the resolved that leave the machine exposed: superseded, and the exposure passed on.'),
  machines: count,
  kbs: count,
}

const key = z.string().nullable()

export const summaryGroupSchema = z
  .object({
    key: key.optional().describe('With one groupBy: what its changes have in common; null where Defender gives nothing.'),
    name: z.string().optional().describe('With one groupBy: the name of the KB or machine, where that is known.'),
    keys: z
      .object({ kb: key, machine: key, rbacGroup: key, osPlatform: key, reason: key } satisfies Record<Grouping, typeof key>)
      .partial()
      .optional()
      .describe('With several groupBy: the key of each.'),
    names: z
      .object({ kb: z.string(), machine: z.string() })
      .partial()
      .optional()
      .describe('With several groupBy: the names of KB and machine, where they are known.'),
    ...summaryCounts,
  })
  .describe('Changes that have something in common.')

/** A group as the API shows it: by its key, or by one for each of several groupings. */
export function toSummaryGroup({ parts, counts }: SummaryGroup, groupings: readonly Grouping[]): z.infer<typeof summaryGroupSchema> {
  const [first] = parts
  if (parts.length === 1 && first) return { key: first.key, ...(first.name && { name: first.name }), ...counts }
  const keys = parts.map(({ key }, index) => [groupings[index] ?? '', key] as const)
  const names = parts.flatMap(({ name }, index) => (name ? [[groupings[index] ?? '', name] as const] : []))
  return { keys: Object.fromEntries(keys), ...(names.length > 0 && { names: Object.fromEntries(names) }), ...counts }
}

/** Whether groups by these have a column: `keys.kb`. */
export function isGroupColumn(column: string, groupings: readonly Grouping[]): boolean {
  const [name = '', grouping] = column.split('.')
  if (grouping !== undefined) return groupings.length > 1 && groupings.some((asked) => asked === grouping)
  return !['key', 'name'].includes(name) || groupings.length === 1
}
