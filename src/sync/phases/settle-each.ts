import type { Machine } from '../../domain/index.ts'
import { eachAtOnce } from '../../each-at-once.ts'
import type { Slice } from '../slice/slice.ts'
import type { Phase } from './phase.ts'
import { SettledPrefix } from './settled-prefix.ts'
import type { Tally } from './tally.ts'

/** A machine that a phase has taken up; `settled` counts what it came to. */
export interface TakenUp {
  machine: Machine
  settled: (tally: Tally) => void
}

export interface SettleOptions {
  /** Returns undefined when the slice stopped before the machine came to anything. */
  settle: (slice: Slice, machine: Machine) => Promise<Tally | undefined>
  /** The machines to take up, in id order; those that the phase has still to do, if left out. */
  takeUp?: (slice: Slice, prefix: SettledPrefix) => AsyncIterable<TakenUp>
}

/** Settles a phase's machines after the cursor, some at a time, writes them down and moves the cursor. */
export async function settleEach(slice: Slice, phase: Phase, { settle, takeUp }: SettleOptions): Promise<'done' | 'more'> {
  const { record, journal, stop, stalls, ports } = slice
  const prefix = new SettledPrefix(record.snapshot.cursor)
  const machines = takeUp ? takeUp(slice, prefix) : takeUpToDo(slice, phase, prefix)
  const settleOne = async ({ machine, settled }: TakenUp) => {
    const tally = await settle(slice, machine)
    if (!tally) return
    settled(tally)
    stalls.noteProgress()
  }
  await eachAtOnce(
    machines,
    phase.machinesAtOnce(ports.settings.concurrency),
    stoppingOnError(slice, settleOne),
    () => stop.reason !== undefined,
  )
  await journal.flush()
  record.settled(prefix.tally, prefix.cursor)
  return stop.reason ? 'more' : 'done'
}

/** An error stops the whole slice: what waits for its turn to call takes up nothing any more. */
function stoppingOnError<T>({ stop }: Slice, work: (item: T) => Promise<void>): (item: T) => Promise<void> {
  return async (item) => {
    try {
      await work(item)
    } catch (error) {
      stop.stop({ kind: 'error' })
      throw error
    }
  }
}

async function* takeUpToDo(slice: Slice, phase: Phase, prefix: SettledPrefix): AsyncGenerator<TakenUp> {
  for await (const machine of phase.toDo(slice)) yield { machine, settled: prefix.begin(machine.machineId) }
}
