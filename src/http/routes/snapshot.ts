import { z } from 'zod'
import { findSnapshot } from '../../history/snapshot-list.ts'
import { query, snapshotIdParameter } from '../parameter.ts'
import { notFound } from '../problem.ts'
import { defineRoute } from '../define-route.ts'
import { snapshotSchema, toSnapshot } from '../shapes/snapshot.ts'

export const snapshotRoute = defineRoute({
  name: 'snapshot',
  method: 'GET',
  path: 'snapshots/{snapshotId}',
  summary: 'One snapshot, with its progress while it runs.',
  authLevel: 'function',
  query: query({}),
  params: z.strictObject({ snapshotId: snapshotIdParameter }),
  responses: { 200: snapshotSchema },
  async handle(opened, { params: { snapshotId } }) {
    const { store } = opened
    const read = await store.tenant.get()
    const row = read && (await findSnapshot(store, read.tenant, snapshotId))
    if (!row) throw notFound(`There is no snapshot ${snapshotId}.`)
    return { status: 200, json: toSnapshot(row, opened, read.tenant) }
  },
})
