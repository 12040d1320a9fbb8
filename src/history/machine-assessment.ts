import { type Assessment, assessmentAt, isWitnessNeeded, type Machine, type Snapshot, type TenantState } from '../domain/index.ts'
import type { MachinePartition, TenantStore } from '../store/index.ts'

/** What is known of a machine, and the snapshot that is asked about. */
export interface AskedAbout {
  tenant: TenantState
  machine: Machine
  partition: MachinePartition
  snapshot: Snapshot
}

/** Whether a machine was assessed at the end of a snapshot; reads a row of the snapshot's own list where the gaps do not tell. */
export async function machineAssessment(store: Pick<TenantStore, 'snapshots'>, asked: AskedAbout): Promise<Assessment> {
  const { machine, partition, snapshot } = asked
  const witness = isWitnessNeeded(asked) ? await store.snapshots.unassessed(snapshot.snapshotId, machine.machineId) : undefined
  return assessmentAt({ ...asked, ...partition, snapshot, witness })
}
