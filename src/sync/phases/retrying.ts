import { DEFENDER_POLICY } from '../../defender/index.ts'
import type { Machine, PhaseName, Snapshot } from '../../domain/index.ts'
import { settleObserved, settleUnknown } from '../machine/settle.ts'
import type { Slice } from '../slice/slice.ts'
import { askConfirmed, askMissingKbs, directAnswer, EMPTY_UNCONFIRMED, NOT_IN_EXPORT } from './ask-missing-kbs.ts'
import { ANY_PHASE, type Phase } from './phase.ts'
import { settleEach } from './settle-each.ts'
import { type Tally, tallyOf } from './tally.ts'

/** Asks the machines that gave no answer once more, now that all others are done, and makes up for attempts that were cut off. */
export const retrying: Phase = {
  ...ANY_PHASE,
  name: 'retrying',
  toDo,
  work: (slice) => settleEach(slice, retrying, { settle: retry, asUnknown: tallyOf({}) }),
  next: afterRetrying,
}

export function afterRetrying({ notListed }: Snapshot): PhaseName {
  return notListed > 0 ? 'closing' : 'totals'
}

async function* toDo({ record, ports }: Slice): AsyncGenerator<Machine> {
  for await (const page of ports.store.machines.toRetry(record.id, record.snapshot.cursor)) yield* page
}

async function retry(slice: Slice, machine: Machine): Promise<Tally | undefined> {
  // What an export does not list any more, or with nothing, was the first answer.
  const isConfirming = machine.code === EMPTY_UNCONFIRMED.code || machine.code === NOT_IN_EXPORT.code
  const asked = await (isConfirming ? askMissingKbs : askConfirmed)(slice, machine, attemptsLeft(machine))
  if (asked.kind === 'stopped') return undefined
  if (asked.kind === 'answered') {
    await settleObserved(slice, machine, directAnswer(slice, machine, asked.answer))
    return tallyOf({ unknown: -1, observed: 1 })
  }
  const fault = isConfirming && asked.cutOff ? awaited(machine) : asked.fault
  // Cut off, it goes on from here in the next slice.
  await settleUnknown(slice, machine, { fault, attempts: machine.attempts + asked.attempts }, asked.cutOff)
  return asked.cutOff ? undefined : tallyOf({})
}

/** What it waits for stays as it was, or the next slice would take its answer for the first. */
const awaited = ({ code }: Machine) => (code === NOT_IN_EXPORT.code ? NOT_IN_EXPORT : EMPTY_UNCONFIRMED)

/** One attempt, and as many more as the slices before cut off. */
function attemptsLeft({ attempts }: Machine): number {
  return Math.max(DEFENDER_POLICY.retriesAtEnd, 1 + DEFENDER_POLICY.retriesInSlice + DEFENDER_POLICY.retriesAtEnd - attempts)
}
