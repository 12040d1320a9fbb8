import { z } from 'zod'
import { query, snapshotIdParameter } from '../parameter.ts'
import { requireNamedSnapshot } from '../resolve.ts'
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
    const { snapshot, tenant } = await requireNamedSnapshot(opened, snapshotId)
    return { status: 200, json: toSnapshot(snapshot, opened, tenant) }
  },
})
