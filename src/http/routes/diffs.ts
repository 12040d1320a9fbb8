import { z } from 'zod'
import { CHANGES, isSnapshotId, REASONS } from '../../domain/index.ts'
import { type Batch, showBatches } from '../../history/batch.ts'
import { Deadlines } from '../../history/deadlines.ts'
import { changesToRead, diffPositionOf, diffRows } from '../../history/diff.ts'
import { DIFF_MODES, type DiffRow } from '../../history/fold.ts'
import { READ_POLICY } from '../../history/read-policy.ts'
import { defineListRoute } from '../define-list-route.ts'
import {
  kbIdParameter,
  machineIdParameter,
  nameBeginningParameter,
  nameParameter,
  rangeParameters,
  rbacGroupParameter,
  wordParameter,
  wordsParameter,
} from '../parameter.ts'
import { problemSchema } from '../problem.ts'
import { goneSchema, orGone, requireRange } from '../resolve.ts'
import { changeSchema, toChange } from '../shapes/change.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { kbIdPosition, machineIdPosition } from '../shapes/values.ts'

const snapshotId = z.string().refine(isSnapshotId)

/** Both ends, so that a snapshot that ends meanwhile changes nothing, and the last row shown. */
const position = z.object({
  from: snapshotId,
  to: snapshotId,
  machineId: machineIdPosition,
  kbId: kbIdPosition,
  snapshotId: snapshotId.optional(),
})

export const diffsRoute = defineListRoute({
  name: 'diffs',
  path: 'diffs',
  summary:
    'What changed between two snapshots, and why. With filters that match little a page may be short, even empty, and still be followed by others.',
  parameters: {
    ...rangeParameters,
    mode: wordParameter(DIFF_MODES, 'net: a pair that ends as it began is left out; events: every change.', 'net').optional(),
    machineId: machineIdParameter.optional(),
    kbId: kbIdParameter.optional(),
    change: wordParameter(CHANGES, 'Only this kind of change.').optional(),
    reason: wordsParameter(REASONS, 'Only changes for this reason.').optional(),
    rbacGroup: rbacGroupParameter.optional(),
    osPlatform: nameParameter('Only machines of this platform.').optional(),
    q: nameBeginningParameter.optional(),
  },
  params: z.strictObject({}),
  pages: { size: { highest: 10_000, standard: 1000 }, position },
  head: { tenantId: z.string(), from: snapshotRefSchema, to: snapshotRefSchema, mode: z.enum(DIFF_MODES) },
  rows: 'changes',
  row: changeSchema,
  responses: { 410: goneSchema, 413: problemSchema },
  async list(opened, { query, position }) {
    const range = position
      ? await requireRange(opened, pinned(position.from), pinned(position.to))
      : await requireRange(opened, query.from, query.to)
    const { from, to, snapshots } = range
    const { tenantId, store } = opened
    const { mode = 'net', machineId, kbId, change, reason: reasons, rbacGroup: rbacGroupName, osPlatform, q: namePrefix } = query
    const filter = { machineId, kbId, change, reasons, rbacGroupName, osPlatform, namePrefix }
    const ends = { from: from.snapshotId, to: to.snapshotId }
    const diff = { snapshots, toSnapshotId: to.snapshotId, mode, filter, after: position }
    const deadlines = new Deadlines(opened)
    return {
      head: { tenantId, from: toSnapshotRef(from), to: toSnapshotRef(to), mode },
      read: (rowsWanted) =>
        showBatches(
          withFacts(orGone(opened, range, diffRows(store.changes, { ...diff, rowsWanted })), deadlines),
          (row) => toChange(row, deadlines.facts(row.change.kbId)),
          (at) => ({ ...ends, ...at }),
        ),
      positionOf: (row) => ({ ...ends, ...diffPositionOf(row, mode) }),
      lookAtMost: READ_POLICY.changesOfPage,
      changesToRead: changesToRead(diff),
      fileName: `diffs-${ends.from}-${ends.to}`,
    }
  },
})

const pinned = (id: string) => ({ kind: 'snapshot', snapshotId: id }) as const

/** Looks up the KBs of each batch before it is shown. */
async function* withFacts<Place>(
  batches: AsyncIterable<Batch<DiffRow, Place>>,
  deadlines: Deadlines,
): AsyncGenerator<Batch<DiffRow, Place>> {
  for await (const batch of batches) {
    await deadlines.describe(batch.rows.map(({ change }) => change))
    yield batch
  }
}
