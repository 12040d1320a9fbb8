import { z } from 'zod'
import { isSnapshotId } from '../../domain/index.ts'
import { toBatches } from '../../history/batch.ts'
import type { CountPlace } from '../../store/index.ts'
import { defineListRoute } from '../define-list-route.ts'
import { pageSizeOf } from '../page.ts'
import { snapshotIdParameter } from '../parameter.ts'
import { requireNamedSnapshot } from '../resolve.ts'
import { countsSchema, toCounts } from '../shapes/sample.ts'
import { count, kbIdPosition } from '../shapes/values.ts'

const comparedCount = z
  .object({
    product: z.string(),
    kbId: z.string(),
    ours: count.describe('Machines that miss it for this product, by the export.'),
    theirs: count.nullable().describe('The same as Defender counts it; null where it gives no number.'),
    difference: z.int().nullable().describe("Defender's count less ours."),
  })
  .describe('On how many machines a KB of a product is missing.')

const position = z.object({ product: kbIdPosition, kbId: kbIdPosition, snapshotId: z.string().refine(isSnapshotId) })

export const snapshotCountsRoute = defineListRoute({
  name: 'snapshotCounts',
  path: 'snapshots/{snapshotId}/counts',
  summary: "On how many machines each KB is missing, by product: by a snapshot's export, and as Defender counts. Compared once a day.",
  parameters: {},
  params: z.strictObject({ snapshotId: snapshotIdParameter }),
  pages: { size: { highest: 10_000, standard: 1000 }, position },
  head: { counts: countsSchema.optional().describe('Left out where nothing was compared.') },
  rows: 'products',
  row: comparedCount,
  async list({ store, ...opened }, { params, position }) {
    const { snapshot } = await requireNamedSnapshot({ store, ...opened }, position?.snapshotId ?? params.snapshotId)
    const { snapshotId, counts } = snapshot
    const positionOf = ({ product, kbId }: CountPlace) => ({ product, kbId, snapshotId })
    return {
      head: counts ? { counts: toCounts(counts) } : {},
      read: (wanted) =>
        toBatches(
          store.samples.countPages(snapshotId, position ?? null, pageSizeOf(wanted)),
          (row): z.infer<typeof comparedCount> => row,
          positionOf,
        ),
      positionOf,
      fileName: `snapshot-${snapshotId}-counts`,
    }
  },
})
