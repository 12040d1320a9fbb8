import { hasMoved, isKnownByExport, judgeSample, type Machine, missingAt, type SampleCandidate, type Sampled } from '../../domain/index.ts'
import type { MissingKbsResult, MachineResult } from '../../defender/index.ts'
import type { Unanswered } from '../slice/call-result.ts'
import type { Sampler } from './sampler.ts'

export type DrawnMachine = SampleCandidate & Pick<Machine, 'machineId' | 'computerDnsName'>

/** Whether a machine is one to ask: it is known by the export, and its listing does not say already that it moved. */
export function isToBeAsked(machine: DrawnMachine, { snapshot }: Sampler): boolean {
  return isKnownByExport(machine, snapshot) && !hasMoved(machine.lastSeen, snapshot.sourceTime ?? '')
}

/** What a machine that is not asked comes to; undefined where it does not belong to the sample. */
export function unaskedOf(machine: DrawnMachine, { snapshot }: Sampler): Sampled | undefined {
  return isKnownByExport(machine, snapshot) ? { kind: 'moved' } : undefined
}

/**
 * Asks Defender for a machine's last report, and what it misses, and judges the export by that; undefined where the slice stopped before it
 * said so. In this order the scarcer call is the last one: as many machines come to their end as it was made for.
 */
export async function sampleMachine({ machineId }: DrawnMachine, sampler: Sampler): Promise<Sampled | undefined> {
  const { calls, defender, snapshot, store, stalls } = sampler
  const found = await calls.askAbout<Extract<MachineResult, { kind: 'machine' }>>('machines', machineId, (id) => defender.machine(id))
  if (found.kind === 'stopped') return undefined
  if (found.kind === 'unknown') return unanswered(found, stalls.mayBeginAnew)
  if (hasMoved(found.answer.machine.lastSeen, snapshot.sourceTime ?? '')) return { kind: 'moved' }
  const asked = await calls.askAbout<Extract<MissingKbsResult, { kind: 'observed' }>>('missingKbs', machineId, (id, anotherCall) =>
    defender.missingKbs(id, anotherCall),
  )
  if (asked.kind === 'stopped') return undefined
  if (asked.kind === 'unknown') return unanswered(asked, stalls.mayBeginAnew)
  // A row without an id may be any KB.
  if (asked.answer.dropped > 0) return { kind: 'unanswered' }
  const { intervals } = await store.missingKbs.read(machineId)
  const open = missingAt(intervals, snapshot.snapshotId)
  const reduced = open.map(({ kbId }) => kbId)
  const raw = [...reduced, ...open.flatMap(({ contains }) => contains)]
  const truth = asked.answer.kbs.map(({ kbId }) => kbId)
  return { kind: 'judged', judgement: judgeSample(truth, raw, reduced) }
}

/** One that the slice's end cut off begins anew in the next one, unless slice after slice comes no further. */
function unanswered({ cutOff }: Unanswered, mayBeginAnew: boolean): Sampled | undefined {
  return cutOff && mayBeginAnew ? undefined : { kind: 'unanswered' }
}
