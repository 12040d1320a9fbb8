import { z } from 'zod'
import { type GroupPoint, over30, resolvedOf, sumOf } from '../../domain/index.ts'
import type { GroupSeries } from '../../history/trends/groups.ts'
import { standingsShape, toStandings } from './trend.ts'
import { count } from './values.ts'

export const month = z.string().meta({ pattern: '^\\d{6}$', examples: ['202605'] })

const cellSchema = z.object({
  month,
  pairs: count.describe('Missing at the end of its last snapshot.'),
  over30: count.describe('Those of them that are exposed for more than 30 days.'),
  machines: count.describe('Machines to be asked then.'),
  installed: count.describe('Intervals that closed as installed in the month.'),
})

export const groupSchema = z
  .object({ key: z.string().nullable().describe('null for machines without one.'), ...standingsShape, cells: z.array(cellSchema) })
  .describe('Machines of one group, or platform; now, and by month.')

/** A cell in a table, with the group that it is of. */
export const groupCellSchema = z.object({ key: z.string().nullable(), ...cellSchema.shape })

export function toGroup({ group, now, months }: GroupSeries): z.infer<typeof groupSchema> {
  return { key: group, ...toStandings(now, undefined), cells: months.map(toCell) }
}

function toCell(point: GroupPoint): z.infer<typeof cellSchema> {
  const { period, pairs, machines } = point
  return { month: period, pairs: sumOf(pairs), over30: over30(pairs), machines, installed: resolvedOf(point).installed }
}
