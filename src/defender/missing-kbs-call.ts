import { reported, type CallContext } from './call.ts'
import { transient, type FaultResult } from './fault.ts'
import { type AnotherCall, readKbPages } from './kb-pages.ts'
import { mergeKbs, type MissingKb } from '../domain/index.ts'
import { DEFENDER_POLICY } from './policy.ts'

/** `dropped` rows had no id. `observedAt` is the instant (ISO 8601 UTC) at which the answer was complete. */
export type MissingKbsResult = { kind: 'observed'; kbs: MissingKb[]; dropped: number; observedAt: string } | FaultResult

/** The KBs that a machine misses, of all pages of the answer: https://learn.microsoft.com/defender-endpoint/api/get-missing-kbs-machine */
export async function missingKbs(context: CallContext, machineId: string, anotherCall: AnotherCall): Promise<MissingKbsResult> {
  const path = `/api/machines/${encodeURIComponent(machineId)}/getmissingkbs`
  const read = await readKbPages(context, { operation: 'missingKbs', path, anotherCall })
  if (read.kind === 'fault') return read
  const { rows, dropped } = read
  if (dropped > 0) context.outside.log.warn('defender.rowsDropped', { operation: 'missingKbs', machineId, dropped })
  const kbs = mergeKbs(rows)
  if (isTooLarge(kbs)) return noAnswer(context, 'answerTooLarge', `${kbs.length} KBs are more than one machine can miss`)
  return { kind: 'observed', kbs, dropped, observedAt: new Date(context.outside.clock.now()).toISOString() }
}

/** Only answers of more KBs than one transaction takes are kept as a whole while they are written down. */
function isTooLarge(kbs: readonly MissingKb[]): boolean {
  return kbs.length > DEFENDER_POLICY.kbsOfATransaction && JSON.stringify(kbs).length > DEFENDER_POLICY.largestAnswerCharacters
}

function noAnswer(context: CallContext, code: string, detail: string): FaultResult {
  return reported(context, 'missingKbs', transient(code, detail))
}
