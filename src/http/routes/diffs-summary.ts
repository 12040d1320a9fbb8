import { z } from 'zod'
import { changesToRead, diffRows } from '../../history/diff.ts'
import { DIFF_MODES, type DiffMode } from '../../history/fold.ts'
import { READ_POLICY } from '../../history/read-policy.ts'
import { type Grouping, GROUPINGS, Summary } from '../../history/summary.ts'
import type { OpenTenant } from '../../open-tenant.ts'
import { requireCarriable } from '../carriable.ts'
import { defineListRoute } from '../define-list-route.ts'
import { wholeList } from '../list.ts'
import { rangeParameters, wordParameter, wordsParameter } from '../parameter.ts'
import { ProblemError, problemSchema } from '../problem.ts'
import { goneSchema, orGone, requireRange, type ResolvedRange } from '../resolve.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { isGroupColumn, summaryCounts, summaryGroupSchema, toSummaryGroup } from '../shapes/summary-group.ts'

const grouping = z.enum(GROUPINGS)

export const diffsSummaryRoute = defineListRoute({
  name: 'diffsSummary',
  path: 'diffs/summary',
  summary: 'How much changed between two snapshots, in total and by group, largest first.',
  parameters: {
    ...rangeParameters,
    mode: wordParameter(DIFF_MODES, 'net: a pair that ends as it began is not counted; events: every change is.', 'net').optional(),
    groupBy: wordsParameter(GROUPINGS, 'What makes a group.', 'kb').optional(),
  },
  params: z.strictObject({}),
  head: {
    tenantId: z.string(),
    from: snapshotRefSchema,
    to: snapshotRefSchema,
    mode: z.enum(DIFF_MODES),
    groupBy: z.union([grouping, z.array(grouping)]).describe('A list where several were asked for.'),
    totals: z.object(summaryCounts),
  },
  rows: 'groups',
  row: summaryGroupSchema,
  responses: { 410: goneSchema, 413: problemSchema },
  async list(opened, { query }) {
    const range = await requireRange(opened, query.from, query.to)
    const { mode = 'net', groupBy = ['kb'] } = query
    const groupings = [...new Set(groupBy)]
    const summary = await summarize(opened, range, mode, groupings)
    const [only, ...others] = groupings
    return {
      head: {
        tenantId: opened.tenantId,
        from: toSnapshotRef(range.from),
        to: toSnapshotRef(range.to),
        mode,
        groupBy: only && others.length === 0 ? only : groupings,
        totals: summary.totals(),
      },
      ...wholeList(summary.groups().map((counted) => toSummaryGroup(counted, groupings))),
      hasColumn: (column) => isGroupColumn(column, groupings),
      fileName: `diffs-summary-${range.from.snapshotId}-${range.to.snapshotId}`,
    }
  },
})

/** Reads the whole diff before anything is answered, since the largest group comes first. */
async function summarize(opened: OpenTenant, range: ResolvedRange, mode: DiffMode, groupings: readonly Grouping[]): Promise<Summary> {
  const diff = { snapshots: range.snapshots, toSnapshotId: range.to.snapshotId, mode, filter: {}, rowsWanted: Infinity }
  requireCarriable(changesToRead(diff), 'from', 'Ask for a narrower range: a later from, or an earlier to')
  const summary = new Summary(groupings)
  for await (const { rows } of orGone(opened, range, diffRows(opened.store.changes, diff))) {
    for (const row of rows) summary.add(row)
    if (summary.size > READ_POLICY.groups) throw tooManyGroups()
  }
  return summary
}

const tooManyGroups = () =>
  new ProblemError('tooLarge', `There are more than ${READ_POLICY.groups} groups. Group by less, or ask for a narrower range.`, {
    parameter: 'groupBy',
  })
