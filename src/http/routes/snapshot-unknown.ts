import { z } from 'zod'
import type { Snapshot } from '../../domain/index.ts'
import { findSnapshot } from '../../history/snapshot-list.ts'
import { type UnknownSoFar, unknownSoFar } from '../../history/unknown-so-far.ts'
import type { TenantStore } from '../../store/index.ts'
import { pageSizeOf, takePage } from '../page.ts'
import { pagedQuery, snapshotIdParameter } from '../parameter.ts'
import { notFound } from '../problem.ts'
import { defineRoute } from '../define-route.ts'
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
  summary:
    'The machines that a snapshot could not observe; while it runs, those up to now. A page may be short, even empty, and still be followed by others.',
  authLevel: 'function',
  query: pagedQuery({}, { highest: 10_000, standard: 1000 }),
  params: z.strictObject({ snapshotId: snapshotIdParameter }),
  position: z.object({ machineId: machineIdPosition }),
  responses: { 200: z.object({ machines: z.array(unknownMachine), nextLink }) },
  async handle({ store }, { query: { limit }, params: { snapshotId }, position, nextLink }) {
    const read = await store.tenant.get()
    const snapshot = read && (await findSnapshot(store, read.tenant, snapshotId))
    if (!snapshot) throw notFound(`There is no snapshot ${snapshotId}.`)
    const page = { after: position?.machineId ?? null, limit }
    const { rows, stoppedAt } = await (snapshot.phase === 'ended' ? unknownAtEnd : unknownSoFar)(store, snapshot, page)
    const machines = rows.map((row) => ({ ...row, status: row.status === 0 ? null : row.status }))
    return { status: 200, json: { machines, ...(stoppedAt !== undefined && { nextLink: nextLink({ machineId: stoppedAt }) }) } }
  },
})

/** What an ended snapshot has written down. */
async function unknownAtEnd(
  store: TenantStore,
  { snapshotId }: Snapshot,
  { after, limit }: { after: string | null; limit: number },
): Promise<UnknownSoFar> {
  const pages = store.snapshots.unknownPages(snapshotId, { after, pageSize: pageSizeOf(limit) })
  const { rows, more } = await takePage(pages, limit)
  const last = rows.at(-1)
  return { rows, ...(more && last && { stoppedAt: last.machineId }) }
}
