import type { Fault, MissingKbsResult } from '../../defender/index.ts'
import { type Answer, direct, isOpen, type Machine, type MissingKb } from '../../domain/index.ts'
import type { Asked } from '../slice/call-result.ts'
import type { Slice } from '../slice/slice.ts'

export type MissingKbsAnswer = Extract<MissingKbsResult, { kind: 'observed' }>

/** What the snapshot's source knows of a machine; one answer, whatever it says. */
export function askMissingKbs({ calls, ports }: Slice, machine: Machine, attempts?: number): Promise<Asked<MissingKbsAnswer>> {
  const { source } = ports
  return calls.askAbout<MissingKbsAnswer>(source.budget, machine.machineId, (id, anotherCall) => source.observe(id, anotherCall), attempts)
}

/**
 * An answer of `getmissingkbs` as what it says of a machine. Beside a bulk source an empty one is as good as that source's own: nothing that
 * the two could list differently is left, and what was installed reads as installed.
 */
export function directAnswer({ ports }: Slice, { observedSource }: Machine, { kbs, dropped, observedAt }: MissingKbsAnswer): Answer {
  const isNeutral = ports.source.kind !== 'perMachine' && kbs.length === 0
  return { kbs, dropped, ...direct(observedAt), ...(isNeutral && { source: observedSource }) }
}

/** One answer, or two where the first turns empty what was not. */
export async function askConfirmed(slice: Slice, machine: Machine, attempts?: number): Promise<Asked<MissingKbsAnswer>> {
  const first = await askMissingKbs(slice, machine, attempts)
  if (first.kind !== 'answered' || !(await needsConfirmation(slice, machine, first.answer.kbs))) return first
  const second = await askMissingKbs(slice, machine, attempts)
  return second.kind === 'stopped' ? { kind: 'unknown', fault: EMPTY_UNCONFIRMED, attempts: 1, notFound: 0, cutOff: true } : second
}

/** Stored on a machine while its empty answer waits for the second one. */
export const EMPTY_UNCONFIRMED: Fault = {
  kind: 'transient',
  status: 200,
  code: 'emptyUnconfirmed',
  detail: 'the machine was missing KBs, and its answer is empty: asked once more before that is believed',
}

/** Stored on a machine that an export has no row of; one that misses anything waits for an answer of its own. */
export const NOT_IN_EXPORT: Fault = {
  kind: 'transient',
  code: 'notInExport',
  detail: 'the export has no row of the machine: it misses nothing, or was not looked at, and nothing tells which',
}

/**
 * A state that turns empty is asked once more, later in the same snapshot: Defender flaps, and a newer report, which is nearly always
 * there, explains nothing. The second answer counts: empty too, or the fuller one.
 */
export async function needsConfirmation(slice: Slice, machine: Machine, kbs: readonly MissingKb[]): Promise<boolean> {
  return kbs.length === 0 && (machine.missing > 0 || hasOpenIntervals(slice, machine))
}

/** Of a machine that seems to be new: its row may have been deleted, and its intervals are still what they were. */
export async function hasOpenIntervals({ ports }: Slice, { machineId, lastObservedSnapshotId }: Machine): Promise<boolean> {
  if (lastObservedSnapshotId !== null) return false
  const { intervals } = await ports.store.missingKbs.read(machineId)
  return intervals.some(isOpen)
}
