import type { Fault } from '../../defender/index.ts'
import {
  type Answer,
  committedOutcome,
  atOf,
  direct,
  isWanted,
  type Machine,
  projectChanges,
  sameKbs,
  settlementOf,
  skippedOutcome,
  staysSkipped,
  unchangedOutcome,
  unknownOutcome,
  type Committed,
  type Settlement,
} from '../../domain/index.ts'
import { StoreError } from '../../store/index.ts'
import { settledIn, type Slice } from '../slice/slice.ts'
import { commit, finishCommitted } from './commit.ts'

/** Settles a machine with an answer: nothing but its line in a batch when the same KBs are missing, else a transition. */
export async function settleObserved(slice: Slice, machine: Machine, answered: Answer): Promise<void> {
  const { journal } = slice
  const answer = { ...answered, kbs: journal.kbs.see(answered.kbs) }
  if (isUnchanged(machine, answer)) return journal.add(machine, unchangedOutcome(machine, settledIn(slice), answer), [])
  await settle(slice, machine, settlementOf(machine, settledIn(slice), 'observed', answer))
}

/** Whether the same source named the same KBs, and the same ones contained in them. */
function isUnchanged(machine: Machine, { kbs, source }: Answer): boolean {
  const { missingKbIds, containedKbIds, observedSource, lastObservedSnapshotId } = machine
  if (lastObservedSnapshotId === null || isOfBefore(machine) || observedSource !== source) return false
  if (missingKbIds === null || containedKbIds === null || !sameKbs(missingKbIds, kbs)) return false
  const contained = new Set(kbs.flatMap(({ contains = [] }) => contains))
  return contained.size === containedKbIds.length && containedKbIds.every((kbId) => contained.has(kbId))
}

/** An older version knew of no exposure: it is derived from the intervals, once. */
const isOfBefore = ({ missingKbIds, missingSince }: Machine) => missingKbIds !== null && missingKbIds.length !== missingSince?.length

/** Settles a machine that is gone, or no longer wanted: closes all its intervals. */
export async function settleGone(slice: Slice, machine: Machine, outcome: 'removed' | 'excluded'): Promise<void> {
  const nothing = { kbs: [], dropped: 0, ...direct(atOf(settledIn(slice).nowMs)) }
  await settle(slice, machine, settlementOf(machine, settledIn(slice), outcome, nothing))
}

/** Settles a machine that gave no answer: its intervals stay as they are, and the cause is stored. */
export async function settleUnknown(
  slice: Slice,
  machine: Machine,
  { fault, attempts }: { fault: Fault; attempts: number },
  retry: boolean,
): Promise<void> {
  const { code, detail, status } = fault
  await slice.journal.add(machine, unknownOutcome(machine, settledIn(slice), { code, detail, status, attempts }, retry), [])
}

/** Settles a listed machine that is not asked. */
export async function settleSkipped(slice: Slice, machine: Machine): Promise<void> {
  if (staysSkipped(machine, slice.record.id)) return
  if (machine.missing > 0) {
    if (contradicts(slice, machine)) throw new StoreError('a machine is of a wanted platform, and not wanted', 'Contradiction')
    return settleGone(slice, machine, 'excluded')
  }
  await slice.journal.add(machine, skippedOutcome(machine, settledIn(slice)), [])
}

/** The listing of this snapshot wrote both: somebody else wrote since, and nothing may be closed for it. */
function contradicts({ ports }: Slice, { wanted, osPlatform }: Machine): boolean {
  return !wanted && isWanted(osPlatform, ports.settings.machinePlatforms)
}

/** Finishes what a killed slice committed for a machine and did not write down. Returns false when it committed nothing. */
export async function settleCommitted(slice: Slice, machine: Machine): Promise<boolean> {
  const { missingKbs } = slice.ports.store
  const state = await missingKbs.state(machine.machineId)
  if (state?.snapshotId !== slice.record.id) return false
  await writeDown(slice, machine, await finishCommitted(missingKbs, machine.machineId, await missingKbs.read(machine.machineId)))
  return true
}

/** Commits what was decided, then writes it down. */
async function settle(slice: Slice, machine: Machine, settlement: Settlement): Promise<void> {
  const { journal, ports } = slice
  const { missingKbs } = ports.store
  await writeDown(slice, machine, await commit(missingKbs, machine, settlement, (kbId) => journal.kbs.productsOf(kbId)))
}

/** Writes down what was committed: the changes, and what is left of the machine. */
async function writeDown({ journal, ...slice }: Slice, machine: Machine, committed: Committed): Promise<void> {
  const snapshotId = slice.record.id
  const changes = projectChanges(machine, committed.intervals, snapshotId)
  journal.kbs.see(committed.intervals.filter((interval) => interval.appearedSnapshotId === snapshotId))
  const nowMs = slice.ports.outside.clock.now()
  await journal.add(machine, committedOutcome(machine, { snapshotId, nowMs }, committed, changes.length > 0), changes)
}
