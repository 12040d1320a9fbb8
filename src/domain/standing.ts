import type { Machine, MachineState } from './machine.ts'
import { isAsked } from './onboarding.ts'

/** A machine that nothing is done about, snapshot after snapshot: nothing is written for it, so it never looks settled. */
export const staysSkipped = (machine: Machine, snapshotId: string) =>
  !isAsked(machine, snapshotId) && machine.state === 'skipped' && machine.missing === 0

/** How a machine counts in a snapshot; undefined when it does not belong to it. */
export function standingIn(machine: Machine, snapshotId: string): MachineState | undefined {
  const settled = machine.settledSnapshotId === snapshotId
  if (settled && machine.state === 'removed') return 'removed'
  const listed = machine.lastListedSnapshotId === snapshotId
  if (listed && !isAsked(machine, snapshotId)) return 'skipped'
  if (settled && machine.state === 'observed') return 'observed'
  return listed || (settled && machine.state === 'unknown') ? 'unknown' : undefined
}
