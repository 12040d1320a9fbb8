import type { MachineRow } from '../store/index.ts'
import type { Slice } from './slice.ts'

/** A machine that nothing is done about, snapshot after snapshot: no row is written, so it never looks settled. */
export const staysSkipped = (row: MachineRow) => !row.wanted && row.state === 'skipped' && row.missing === 0

const isListed = (slice: Slice, row: MachineRow) => row.lastListedSnapshotId === slice.snapshotId

/** Machines after the cursor that a phase has still to settle, in id order; nothing for phases that settle none. */
export async function* toDo(slice: Slice): AsyncGenerator<MachineRow> {
  const { tenantId, snapshotId, snapshot } = slice
  switch (snapshot.phase) {
    case 'observing':
      for await (const page of slice.store.machines.pages(tenantId, { machineId: snapshot.cursor })) {
        yield* page.filter((row) => isListed(slice, row) && row.settledSnapshotId !== snapshotId && !staysSkipped(row))
      }
      return
    case 'retrying':
      for await (const page of slice.store.machines.toRetry(tenantId, snapshotId, snapshot.cursor)) yield* page
      return
    case 'closing':
      for await (const page of slice.store.machines.unsettled(tenantId, snapshotId, snapshot.cursor)) {
        yield* page.filter((row) => !isListed(slice, row) || row.wanted)
      }
      return
    case 'listing':
    case 'totals':
    case 'ended':
  }
}
