import { call, reported, type CallContext } from './call.ts'
import { transient, type Fault, type FaultResult } from './fault.ts'
import type { ListedMachine } from '../domain/index.ts'
import { DEFENDER_POLICY } from './policy.ts'
import { decodeMachine } from './wire.ts'

/** `absent`: Defender does not know this id, or says so; see the wrong 404s of `DEFENDER_POLICY.retriesInSlice`. */
export type MachineResult = { kind: 'machine'; machine: ListedMachine } | { kind: 'absent'; fault: Fault } | FaultResult

/** One machine by its id: https://learn.microsoft.com/defender-endpoint/api/get-machine-by-id */
export async function machine(context: CallContext, machineId: string): Promise<MachineResult> {
  const answer = await call(context, {
    operation: 'machine',
    path: `/api/machines/${encodeURIComponent(machineId)}`,
    limits: DEFENDER_POLICY.answers.machine,
    decode: decodeMachine,
  })
  if (answer.kind === 'fault') return answer.fault.status === 404 ? { kind: 'absent', fault: answer.fault } : answer
  // Defender also takes a computer name for an id.
  if (answer.value.machineId !== machineId.toLowerCase())
    return reported(context, 'machine', transient('malformedBody', 'the answer is for another machine'))
  return { kind: 'machine', machine: answer.value }
}
