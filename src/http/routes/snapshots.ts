import { z } from 'zod'
import { isSnapshotId } from '../../domain/index.ts'
import { snapshotsNewestFirst } from '../../history/snapshot-list.ts'
import { nextLinkAfter, takePage } from '../page.ts'
import { pagedQuery } from '../parameter.ts'
import { defineRoute } from '../define-route.ts'
import { snapshotSchema, toSnapshot } from '../shapes/snapshot.ts'
import { nextLink } from '../shapes/values.ts'

export const snapshotsRoute = defineRoute({
  name: 'snapshots',
  method: 'GET',
  path: 'snapshots',
  summary: 'All snapshots, newest first.',
  authLevel: 'function',
  query: pagedQuery({}, { highest: 1000, standard: 100 }),
  params: z.strictObject({}),
  position: z.object({ before: z.string().refine(isSnapshotId) }),
  responses: { 200: z.object({ snapshots: z.array(snapshotSchema), nextLink }) },
  async handle(opened, { query, position, nextLink }) {
    const { store } = opened
    const read = await store.tenant.get()
    if (!read) return { status: 200, json: { snapshots: [] } }
    const page = await takePage(onePages(snapshotsNewestFirst(store, read.tenant, position?.before)), query.limit)
    const snapshots = page.rows.map((row) => toSnapshot(row, opened, read.tenant))
    return { status: 200, json: { snapshots, ...nextLinkAfter(page, ({ snapshotId }) => nextLink({ before: snapshotId })) } }
  },
})

async function* onePages<T>(rows: AsyncIterable<T>): AsyncGenerator<T[]> {
  for await (const row of rows) yield [row]
}
