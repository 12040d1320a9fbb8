import { z } from 'zod'
import { isSnapshotId, type Snapshot, type UnknownMachine } from '../../domain/index.ts'
import { type Batch, showBatches, toBatches } from '../../history/batch.ts'
import { SCAN_POLICY } from '../../history/read-policy.ts'
import { unknownSoFar } from '../../history/unknown-so-far.ts'
import type { TenantStore } from '../../store/index.ts'
import { defineListRoute } from '../define-list-route.ts'
import { pageSizeOf } from '../page.ts'
import { snapshotIdParameter } from '../parameter.ts'
import { requireNamedSnapshot } from '../resolve.ts'
import { count, machineIdPosition } from '../shapes/values.ts'

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

/** The snapshot as well, since another may be the latest by the next page. */
const position = z.object({ machineId: machineIdPosition, snapshotId: z.string().refine(isSnapshotId).optional() })

export const snapshotUnknownRoute = defineListRoute({
  name: 'snapshotUnknown',
  path: 'snapshots/{snapshotId}/unknown',
  summary:
    'The machines that a snapshot could not observe; while it runs, those up to now. A page may be short, even empty, and still be followed by others.',
  parameters: {},
  params: z.strictObject({ snapshotId: snapshotIdParameter }),
  pages: { size: { highest: 10_000, standard: 1000 }, position },
  head: {},
  rows: 'machines',
  row: unknownMachine,
  async list(opened, { params, position }) {
    const { snapshot } = await requireNamedSnapshot(opened, position?.snapshotId ?? params.snapshotId)
    const positionOf = ({ machineId }: { machineId: string }) => ({ machineId, snapshotId: snapshot.snapshotId })
    return {
      head: {},
      read: (wanted) => unknownOf(opened.store, snapshot, { after: position?.machineId ?? null, wanted }, positionOf),
      positionOf,
      lookAtMost: SCAN_POLICY.machines,
      fileName: `snapshot-${snapshot.snapshotId}-unknown`,
    }
  },
})

/** An ended snapshot has them written down. */
function unknownOf<Position>(
  store: TenantStore,
  snapshot: Snapshot,
  { after, wanted }: { after: string | null; wanted: number },
  positionOf: (row: { machineId: string }) => Position,
): AsyncIterable<Batch<z.infer<typeof unknownMachine>, Position>> {
  if (snapshot.phase !== 'ended')
    return showBatches(unknownSoFar(store, snapshot, after), toUnknown, (machineId) => positionOf({ machineId }))
  return toBatches(store.snapshots.unknownPages(snapshot.snapshotId, { after, pageSize: pageSizeOf(wanted) }), toUnknown, positionOf)
}

const toUnknown = (row: UnknownMachine): z.infer<typeof unknownMachine> => ({ ...row, status: row.status === 0 ? null : row.status })
