import { DEFENDER_POLICY } from '../defender/index.ts'
import type { MachineRow } from '../store/index.ts'
import { askConfirmed, askMissingKbs, EMPTY_UNCONFIRMED } from './observe-machines.ts'
import { type Tally, tallyOf } from './progress.ts'
import { settleObserved, settleUnknown } from './settle.ts'
import { settleEach } from './settle-each.ts'
import type { Slice } from './slice.ts'

/** Asks the machines that gave no answer once more, now that all others are done, and makes up for attempts that were cut off. */
export function retryUnknown(slice: Slice): Promise<'done' | 'more'> {
  return settleEach(slice, retry)
}

async function retry(slice: Slice, row: MachineRow): Promise<Tally | undefined> {
  const isConfirming = row.code === EMPTY_UNCONFIRMED.code
  const asked = await (isConfirming ? askMissingKbs : askConfirmed)(slice, row, attemptsLeft(row))
  if (asked.kind === 'stopped') return undefined
  if (asked.kind === 'unknown') {
    const fault = isConfirming && asked.cutOff ? EMPTY_UNCONFIRMED : asked.fault
    // Cut off, it goes on from here in the next slice.
    await settleUnknown(slice, row, { fault, attempts: row.attempts + asked.attempts }, asked.cutOff)
    return asked.cutOff ? undefined : tallyOf({})
  }
  await settleObserved(slice, row, asked.answer)
  return tallyOf({ unknown: -1, observed: 1 })
}

/** One attempt, and as many more as the slices before cut off. */
function attemptsLeft({ attempts }: MachineRow): number {
  return Math.max(DEFENDER_POLICY.retriesAtEnd, 1 + DEFENDER_POLICY.retriesInSlice + DEFENDER_POLICY.retriesAtEnd - attempts)
}
