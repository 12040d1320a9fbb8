import type { MachineRow } from '../store/index.ts'
import { Journal } from './journal.ts'
import { settleCommitted } from './settle.ts'
import { MOST_MACHINES_AT_ONCE, type Slice } from './slice.ts'
import { toDo } from './to-do.ts'

/**
 * After a slice that was killed: machines that it committed without writing down are projected from their intervals, before
 * anything is asked. Only machines that were in flight or in the journal can be in that state, and a phase takes machines in id
 * order, so they are among the first that the phase has still to do.
 */
export async function recover(slice: Slice): Promise<void> {
  let recovered = 0
  // Not cut short by the slice's deadline: what is not recovered now would be taken for unasked.
  for await (const rows of groups(toDo(slice), slice.settings.concurrency, Journal.unwritten + 2 * MOST_MACHINES_AT_ONCE)) {
    const found = await Promise.all(rows.map((row) => settleCommitted(slice, row)))
    recovered += found.filter(Boolean).length
  }
  await slice.journal.flush()
  slice.outside.log.info('slice.recovered', { snapshotId: slice.snapshotId, recovered })
}

/** The first `count` rows, in groups of `size`. */
async function* groups(rows: AsyncIterable<MachineRow>, size: number, count: number): AsyncGenerator<MachineRow[]> {
  let group: MachineRow[] = []
  let taken = 0
  for await (const row of rows) {
    group.push(row)
    taken++
    if (group.length === size || taken === count) {
      yield group
      group = []
    }
    if (taken === count) return
  }
  if (group.length > 0) yield group
}
