import {
  applyTransition,
  type Committed,
  compare,
  type Machine,
  provenanceOf,
  readSettlement,
  rewind,
  type Settlement,
  withProducts,
} from '../../domain/index.ts'
import type { MachinePartition, TenantStore } from '../../store/index.ts'
import { LeaseLostError } from '../lease.ts'

type MissingKbs = TenantStore['missingKbs']

/** Others can only be ahead of us when we lost the lease; a lost answer of our own shows as `outdated` once. */
const COMMIT_ATTEMPTS = 3

/** Brings a settlement's changes into the machine's intervals, or finishes what this snapshot committed before. */
export async function commit(
  missingKbs: MissingKbs,
  machine: Machine,
  decided: Settlement,
  productsOf: (kbId: string) => readonly string[] | undefined,
): Promise<Committed> {
  const { machineId } = machine
  // A first answer that names KBs is refused where there is anything; one that names none would find nothing to close.
  const isFirst = machine.lastObservedSnapshotId === null && decided.kbs.length > 0
  let partition = isFirst ? NOTHING : await missingKbs.read(machineId)
  for (let attempt = 1; attempt <= COMMIT_ATTEMPTS; attempt++) {
    if (partition.state?.snapshotId === decided.snapshotId) return finishCommitted(missingKbs, machineId, partition)
    const settlement = withProducts(decided, partition.intervals, productsOf)
    const { outcome } = settlement
    const changed = compare(partition.intervals, settlement)
    if (changed.length === 0) return { outcome, ...provenanceOf(settlement), intervals: partition.intervals }
    const transition = { ...settlement, changed, resumeFrom: JSON.stringify(settlement) }
    if ((await missingKbs.commit(machineId, transition, partition.state)) === 'written') {
      return { outcome, ...provenanceOf(settlement), intervals: applyTransition(partition.intervals, changed) }
    }
    partition = await missingKbs.read(machineId)
  }
  throw new LeaseLostError(`machine ${machineId} keeps being changed by someone else`)
}

const NOTHING: MachinePartition = { state: undefined, intervals: [], gaps: [] }

/** What this snapshot committed before; completed first if it was cut off between two transactions. */
export async function finishCommitted(
  missingKbs: MissingKbs,
  machineId: string,
  { state, intervals }: MachinePartition,
): Promise<Committed> {
  if (!state) throw new LeaseLostError(`the state of machine ${machineId} went away`)
  const { snapshotId, outcome, pending } = state
  if (pending === null) return { outcome, ...provenanceOf(state), intervals }
  const settlement = readSettlement(pending)
  const before = rewind(intervals, snapshotId)
  const changed = compare(before, settlement)
  if ((await missingKbs.commit(machineId, { ...settlement, changed, resumeFrom: pending }, state)) === 'outdated') {
    throw new LeaseLostError(`machine ${machineId} was changed by someone else`)
  }
  return { outcome: settlement.outcome, ...provenanceOf(settlement), intervals: applyTransition(before, changed) }
}
