import { policy } from '../defender/index.ts'
import type { MachineRow } from '../store/index.ts'
import { askMissingKbs, EMPTY_UNCONFIRMED, needsConfirmation } from './observe-machines.ts'
import { type Tally, tallyOf } from './progress.ts'
import { settleObserved, settleUnknown } from './settle.ts'
import { settleEach } from './settle-each.ts'
import type { Slice } from './slice.ts'

/** Asks the machines that gave no answer once more, now that all others are done. */
export function retryUnknown(slice: Slice): Promise<'done' | 'more'> {
  return settleEach(slice, retry)
}

async function retry(slice: Slice, row: MachineRow): Promise<Tally | undefined> {
  const asked = await askConfirmed(slice, row)
  if (asked.kind === 'stopped') return undefined
  if (asked.kind === 'unknown') {
    await settleUnknown(slice, row, { fault: asked.fault, attempts: row.attempts + asked.attempts }, false)
    return tallyOf({})
  }
  await settleObserved(slice, row, asked.answer.kbs, asked.answer.observedAt)
  return tallyOf({ unknown: -1, observed: 1 })
}

/** One answer, or two where an empty one comes for the first time only now. */
async function askConfirmed(slice: Slice, row: MachineRow) {
  const asked = await askMissingKbs(slice, row, policy.retriesAtEnd)
  const isFirstEmpty = asked.kind === 'answered' && needsConfirmation(row, asked.answer.kbs) && row.code !== EMPTY_UNCONFIRMED.code
  return isFirstEmpty ? askMissingKbs(slice, row, policy.retriesAtEnd) : asked
}
