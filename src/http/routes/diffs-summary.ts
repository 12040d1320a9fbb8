import { z } from 'zod'
import { diffRows } from '../../history/diff.ts'
import { GROUPINGS, Summary } from '../../history/summary.ts'
import { momentParameter, wordParameter, query } from '../parameter.ts'
import { goneSchema, orGone, requireRange } from '../resolve.ts'
import { defineRoute } from '../define-route.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { count } from '../shapes/values.ts'

const counts = { appeared: count, resolved: count, machines: count, kbs: count }
const group = z.object({
  key: z.string().describe("What the group's changes have in common; empty where Defender gives nothing."),
  name: z.string().optional(),
  ...counts,
})
const answer = z.object({
  tenantId: z.string(),
  from: snapshotRefSchema,
  to: snapshotRefSchema,
  groupBy: z.enum(GROUPINGS),
  totals: z.object(counts),
  groups: z.array(group),
})

export const diffsSummaryRoute = defineRoute({
  name: 'diffsSummary',
  method: 'GET',
  path: 'diffs/summary',
  summary: 'How much changed between two snapshots (net), in total and by group, largest first.',
  authLevel: 'function',
  query: query({
    from: momentParameter('The earlier snapshot; the one before `to` if left out.', 'previous').optional(),
    to: momentParameter('The later snapshot; the latest if left out.', 'latest').optional(),
    groupBy: wordParameter(GROUPINGS, 'What makes a group.', 'kb').optional(),
  }),
  params: z.strictObject({}),
  responses: { 200: answer, 410: goneSchema },
  async handle(opened, { query }) {
    const { from, to, snapshots } = await requireRange(opened, query.from, query.to)
    const { tenantId, store } = opened
    const groupBy = query.groupBy ?? 'kb'
    const summary = new Summary(groupBy)
    const diff = { snapshots, toSnapshotId: to.snapshotId, mode: 'net', filter: {}, rowsWanted: Infinity } as const
    await orGone(opened, { snapshots }, async () => {
      for await (const rows of diffRows(store.changes, diff)) for (const row of rows) summary.add(row)
    })
    const ends = { from: toSnapshotRef(from), to: toSnapshotRef(to) }
    return { status: 200, json: { tenantId, ...ends, groupBy, totals: summary.totals(), groups: summary.groups() } }
  },
})
