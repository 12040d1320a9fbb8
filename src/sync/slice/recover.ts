import { MOST_CONCURRENCY } from '../../config/index.ts'
import type { Machine } from '../../domain/index.ts'
import { settleCommitted } from '../machine/settle.ts'
import { phaseOf } from '../phases/index.ts'
import { MACHINES_PER_CALL } from '../phases/phase.ts'
import { Journal } from './journal.ts'
import type { Slice } from './slice.ts'

/** Machines under way at once in any slice, whatever the configuration was when it was killed. */
const MOST_MACHINES_AT_ONCE = MACHINES_PER_CALL * MOST_CONCURRENCY

/**
 * After a slice that was killed: machines that it committed without writing down are projected from their intervals, before
 * anything is asked. Only machines that were in flight or in the journal can be in that state, and a phase takes machines in id
 * order, so they are among the first that the phase has still to do.
 */
export async function recover(slice: Slice): Promise<void> {
  const { record, journal, ports } = slice
  const toDo = phaseOf(record.snapshot.phase)?.toDo(slice) ?? []
  let recovered = 0
  // Not cut short by the slice's deadline: what is not recovered now would be taken for unasked.
  for await (const machines of groups(toDo, ports.settings.concurrency, Journal.unwritten + 2 * MOST_MACHINES_AT_ONCE)) {
    const found = await Promise.all(machines.map((machine) => settleCommitted(slice, machine)))
    recovered += found.filter(Boolean).length
  }
  await journal.flush()
  ports.outside.log.info('slice.recovered', { snapshotId: record.id, recovered })
}

/** The first `count` machines, in groups of `size`. */
async function* groups(machines: AsyncIterable<Machine> | Iterable<Machine>, size: number, count: number): AsyncGenerator<Machine[]> {
  let group: Machine[] = []
  let taken = 0
  for await (const machine of machines) {
    group.push(machine)
    taken++
    if (group.length === size || taken === count) {
      yield group
      group = []
    }
    if (taken === count) return
  }
  if (group.length > 0) yield group
}
