import type { Machine } from '../../domain/index.ts'
import type { Fault } from '../../defender/index.ts'
import { eachAtOnce } from '../../each-at-once.ts'
import { settleUnknown } from '../machine/settle.ts'
import { SLICES_BROKE, unprocessable } from '../machine/unprocessable.ts'
import type { Slice } from '../slice/slice.ts'
import type { Phase } from './phase.ts'
import { SettledPrefix } from './settled-prefix.ts'
import type { Tally } from './tally.ts'

/** A machine that a phase has taken up; `settled` counts what it came to. */
export interface TakenUp {
  machine: Machine
  settled: (tally: Tally) => void
}

/** The machines to take up, in id order, some of them settled on the way. */
export type TakeUp = (slice: Slice, prefix: SettledPrefix) => AsyncIterable<TakenUp>

export interface SettleOptions {
  /** Returns undefined when the slice stopped before the machine came to anything. */
  settle: (slice: Slice, machine: Machine) => Promise<Tally | undefined>
  /** The machines to take up, in id order; those that the phase has still to do, if left out. */
  takeUp?: TakeUp
  /** What a machine counts as that cannot be dealt with. */
  asUnknown: Tally
}

/** Settles a phase's machines after the cursor, some at a time, writes them down and moves the cursor. */
export async function settleEach(slice: Slice, phase: Phase, { settle, takeUp, asUnknown }: SettleOptions): Promise<'done' | 'more'> {
  const { record, journal, stop, stalls, ports, caution } = slice
  const prefix = new SettledPrefix(record.snapshot.cursor)
  const machines = takeUp ? takeUp(slice, prefix) : takeUpToDo(slice, phase, prefix)
  const settleOne = async ({ machine, settled }: TakenUp) => {
    const tally = await settleOrPassBy(slice, machine, settle, asUnknown)
    if (!tally) return
    settled(tally)
    stalls.noteProgress()
  }
  await eachAtOnce(machines, caution.machinesAtOnce(phase.machinesAtOnce(ports.settings.concurrency)), settleOne, {
    isStopped: () => stop.reason !== undefined,
    // What waits for its turn to call takes up nothing any more.
    onError: () => stop.stop({ kind: 'error' }),
  })
  await journal.flush()
  record.settled(prefix.tally, prefix.cursor)
  return stop.reason ? 'more' : 'done'
}

/** One machine's trouble is its own: where it cannot be dealt with it is unknown, with that cause, and the others go on. */
async function settleOrPassBy(
  slice: Slice,
  machine: Machine,
  settle: SettleOptions['settle'],
  asUnknown: Tally,
): Promise<Tally | undefined> {
  const { caution, ports, record } = slice
  if (caution.passesBy(machine.machineId)) return passBy(slice, machine, SLICES_BROKE, asUnknown)
  await caution.note(machine.machineId)
  try {
    return await settle(slice, machine)
  } catch (error) {
    const fault = unprocessable(error)
    if (!fault) throw error
    ports.outside.log.error('slice.machinePassedBy', { snapshotId: record.id, machineId: machine.machineId, error: fault.detail })
    return passBy(slice, machine, fault, asUnknown)
  }
}

async function passBy(slice: Slice, machine: Machine, fault: Fault, asUnknown: Tally): Promise<Tally> {
  await settleUnknown(slice, machine, { fault, attempts: 1 }, false)
  // Written at once: a slice that breaks at the next machine must not come back to this one.
  await slice.journal.flush()
  return asUnknown
}

async function* takeUpToDo(slice: Slice, phase: Phase, prefix: SettledPrefix): AsyncGenerator<TakenUp> {
  for await (const machine of phase.toDo(slice)) yield { machine, settled: prefix.begin(machine.machineId) }
}
