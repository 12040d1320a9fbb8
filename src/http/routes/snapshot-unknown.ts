import { z } from 'zod'
import { findSnapshot } from '../../history/snapshot-list.ts'
import { nextLinkAfter, pageSizeOf, takePage } from '../page.ts'
import { pagedQuery, snapshotIdParameter } from '../parameter.ts'
import { notFound } from '../problem.ts'
import { defineRoute } from '../route.ts'
import { count, machineIdPosition, nextLink } from '../shapes/values.ts'

const unknownMachine = z
  .object({
    machineId: z.string(),
    computerDnsName: z.string().nullable(),
    status: z.int().nullable().describe("The last answer's HTTP status; null where there was none."),
    code: z.string(),
    detail: z.string(),
    attempts: count,
  })
  .describe('A machine without an observation in a snapshot, and why.')

export const snapshotUnknownRoute = defineRoute({
  name: 'snapshotUnknown',
  method: 'GET',
  path: 'snapshots/{snapshotId}/unknown',
  summary: 'The machines that a snapshot could not observe.',
  authLevel: 'function',
  query: pagedQuery({}, { highest: 10_000, standard: 1000 }),
  params: z.strictObject({ snapshotId: snapshotIdParameter }),
  position: z.object({ machineId: machineIdPosition }),
  responses: { 200: z.object({ machines: z.array(unknownMachine), nextLink }) },
  async handle({ config, store }, { query: { limit }, params: { snapshotId }, position, nextLink }) {
    const { tenantId } = config.defender
    const read = await store.tenants.get(tenantId)
    if (!read || !(await findSnapshot(store, read.tenant, snapshotId))) throw notFound(`There is no snapshot ${snapshotId}.`)
    const after = { machineId: position?.machineId ?? '', pageSize: pageSizeOf(limit) }
    const page = await takePage(store.snapshots.unknownPages(tenantId, snapshotId, after), limit)
    const machines = page.rows.map((row) => ({ ...row, status: row.status === 0 ? null : row.status }))
    return { status: 200, json: { machines, ...nextLinkAfter(page, ({ machineId }) => nextLink({ machineId })) } }
  },
})
