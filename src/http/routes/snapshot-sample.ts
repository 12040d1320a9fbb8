import { z } from 'zod'
import { disputedKbs, isSnapshotId } from '../../domain/index.ts'
import { toBatches } from '../../history/batch.ts'
import { defineListRoute } from '../define-list-route.ts'
import { pageSizeOf } from '../page.ts'
import { snapshotIdParameter } from '../parameter.ts'
import { requireNamedSnapshot } from '../resolve.ts'
import { sampleSchema, toSample, verdictSchema } from '../shapes/sample.ts'
import { count, machineIdPosition } from '../shapes/values.ts'

const kbIds: z.ZodType<readonly string[]> = z.array(z.string())

const disputedMachine = z
  .object({
    machineId: z.string(),
    computerDnsName: z.string().nullable(),
    newest: verdictSchema,
    newestMore: kbIds.describe('In the list, and Defender itself does not say so.'),
    newestLess: kbIds.describe('Missing as Defender itself says, and not in the list.'),
    raw: verdictSchema,
    rawMore: kbIds,
    rawLess: kbIds,
  })
  .describe('A machine of which a list of the export is not what Defender itself says.')

const kb = z.object({
  kbId: z.string(),
  newestAgreed: count,
  newestMore: count,
  newestLess: count,
  rawAgreed: count,
  rawMore: count,
  rawLess: count,
})

/** The snapshot as well, since another may be the latest by the next page. */
const position = z.object({ machineId: machineIdPosition, snapshotId: z.string().refine(isSnapshotId).optional() })

const MOST_KBS = 100

export const snapshotSampleRoute = defineListRoute({
  name: 'snapshotSample',
  path: 'snapshots/{snapshotId}/sample',
  summary:
    "What Defender itself says of some machines of a snapshot's export: the first 100 that are told otherwise, and the KBs that is about.",
  parameters: {},
  params: z.strictObject({ snapshotId: snapshotIdParameter }),
  pages: { size: { highest: 1000, standard: 100 }, position },
  head: {
    sample: sampleSchema.optional().describe('Left out where none was taken.'),
    kbs: z
      .array(kb)
      .describe('In how many of the machines judged each KB is in both, in the list alone, in the answer alone; when all are asked.'),
  },
  rows: 'machines',
  row: disputedMachine,
  async list({ store, ...opened }, { params, position }) {
    const { snapshot } = await requireNamedSnapshot({ store, ...opened }, position?.snapshotId ?? params.snapshotId)
    const { snapshotId, sample } = snapshot
    const positionOf = ({ machineId }: { machineId: string }) => ({ machineId, snapshotId })
    const kbs = disputedKbs(await store.samples.kbs(snapshotId), MOST_KBS)
    return {
      head: { ...(sample && { sample: toSample(sample) }), kbs },
      read: (wanted) =>
        toBatches(
          store.samples.machinePages(snapshotId, position?.machineId ?? null, pageSizeOf(wanted)),
          (row): z.infer<typeof disputedMachine> => row,
          positionOf,
        ),
      positionOf,
      fileName: `snapshot-${snapshotId}-sample`,
    }
  },
})
