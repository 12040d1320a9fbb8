import { z } from 'zod'
import { isSnapshotId, type Snapshot } from '../../domain/index.ts'
import { snapshotsNewestFirst } from '../../history/snapshot-list.ts'
import { toBatches } from '../../history/batch.ts'
import { defineListRoute } from '../define-list-route.ts'
import { dayOf } from '../file-name.ts'
import { snapshotSchema, toSnapshot } from '../shapes/snapshot.ts'

export const snapshotsRoute = defineListRoute({
  name: 'snapshots',
  path: 'snapshots',
  summary: 'All snapshots, newest first.',
  parameters: {},
  params: z.strictObject({}),
  pages: { size: { highest: 1000, standard: 100 }, position: z.object({ before: z.string().refine(isSnapshotId) }) },
  head: {},
  rows: 'snapshots',
  row: snapshotSchema,
  async list(opened, { position }) {
    const { store, outside } = opened
    const read = await store.tenant.get()
    return {
      head: {},
      async *read() {
        if (!read) return
        const pages = onePages(snapshotsNewestFirst(store, read.tenant, position?.before))
        yield* toBatches(pages, (row) => toSnapshot(row, opened, read.tenant), positionOf)
      },
      positionOf,
      fileName: `snapshots-${dayOf(outside.clock)}`,
    }
  },
})

const positionOf = ({ snapshotId }: { snapshotId: string }) => ({ before: snapshotId })

async function* onePages(rows: AsyncIterable<Snapshot>): AsyncGenerator<Snapshot[]> {
  for await (const row of rows) yield [row]
}
