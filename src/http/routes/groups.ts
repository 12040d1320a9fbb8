import { z } from 'zod'
import { GROUPINGS } from '../../domain/index.ts'
import { monthsUpTo, readGroups } from '../../history/trends/groups.ts'
import { defineListRoute } from '../define-list-route.ts'
import { dayOf } from '../file-name.ts'
import { wholeList } from '../list.ts'
import { numberParameter } from '../number-parameter.ts'
import { wordParameter } from '../parameter.ts'
import { monthParameter } from '../trend-parameter.ts'
import { ProblemError } from '../problem.ts'
import { requireLatest } from '../resolve.ts'
import { groupCellSchema, groupSchema, month as monthShape, toGroup } from '../shapes/group.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { AGE_BUCKETS_SHOWN, ageBucketsShape } from '../shapes/trend.ts'
import { sinceShape, toSince } from '../shapes/trend-head.ts'

const STANDARD_MONTHS = 12
const MOST_MONTHS = 60

export const groupsRoute = defineListRoute({
  name: 'groups',
  path: 'groups',
  summary: 'The groups of machines, or their platforms: what they stand at now, and by month. Those with most missing pairs first.',
  parameters: {
    month: monthParameter('Only this month; what groups stand at now is the newest one.').optional(),
    months: numberParameter('The newest so many.', { lowest: 1, highest: MOST_MONTHS, standard: STANDARD_MONTHS }).optional(),
    by: wordParameter(GROUPINGS, 'What makes a group.', 'rbacGroup').optional(),
  },
  params: z.strictObject({}),
  head: {
    asOf: snapshotRefSchema,
    by: z.enum(GROUPINGS),
    ageBuckets: ageBucketsShape,
    ...sinceShape,
    months: z.array(monthShape).describe('The months of the cells, oldest first.'),
  },
  rows: 'groups',
  row: groupSchema,
  table: { row: groupCellSchema, rowsOf: ({ key, cells }) => cells.map((cell) => ({ key, ...cell })) },
  async list(opened, { query: { month, months, by = 'rbacGroup' } }) {
    if (month !== undefined && months !== undefined) throw bothGiven()
    const { tenant, asOf } = await requireLatest(opened)
    const shown = month === undefined ? monthsUpTo(asOf, months ?? STANDARD_MONTHS) : [month]
    const groups = await readGroups(opened.store, asOf, by, shown)
    return {
      head: { asOf: toSnapshotRef(asOf), by, ageBuckets: AGE_BUCKETS_SHOWN, ...toSince(tenant), months: shown },
      ...wholeList(groups.map(toGroup)),
      fileName: `groups-${dayOf(opened.outside.clock)}`,
    }
  },
})

const bothGiven = () => new ProblemError('invalidParameter', 'month and months exclude each other.', { parameter: 'months' })
