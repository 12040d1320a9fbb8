import type { MachineRow } from '../store/index.ts'
import type { Slice } from './slice.ts'

const isListed = (slice: Slice, row: MachineRow) => row.lastListedSnapshotId === slice.snapshotId

/** Machines after the cursor that a phase has still to settle, in id order; nothing for phases that settle none. */
export async function* toDo(slice: Slice): AsyncGenerator<MachineRow> {
  const { tenantId, snapshotId, snapshot } = slice
  switch (snapshot.phase) {
    case 'observing':
      for await (const page of slice.store.machines.pages(tenantId, { machineId: snapshot.cursor })) {
        yield* page.filter((row) => isListed(slice, row) && row.settledSnapshotId !== snapshotId)
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
