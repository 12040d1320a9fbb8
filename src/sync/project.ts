import { type ChangeRow, type Interval, isOpen, type MachineRow } from '../store/index.ts'

type MachineNames = Pick<MachineRow, 'machineId' | 'computerDnsName' | 'osPlatform' | 'rbacGroupName'>

/** The changes that a snapshot made to a machine's intervals. Repeatable: the same rows from the same intervals. */
export function projectChanges(machine: MachineNames, intervals: readonly Interval[], snapshotId: string): ChangeRow[] {
  return intervals.flatMap((interval) => {
    const shared = {
      snapshotId,
      machineId: machine.machineId,
      kbId: interval.kbId,
      computerDnsName: machine.computerDnsName,
      osPlatform: machine.osPlatform,
      rbacGroupName: machine.rbacGroupName,
      kbName: interval.kbName,
      productsNames: interval.productsNames,
      url: interval.url,
      cveAddressed: interval.cveAddressed,
      appearedSnapshotId: interval.appearedSnapshotId,
    }
    const changes: ChangeRow[] = []
    if (interval.appearedSnapshotId === snapshotId) {
      const { appearedReason: reason, appearedObservedAt: observedAt } = interval
      changes.push({ ...shared, change: 'appeared', reason, observedAt, replacedBy: [], lastMissingSnapshotId: '' })
    }
    if (!isOpen(interval) && interval.resolvedSnapshotId === snapshotId && interval.resolvedReason !== '') {
      const { resolvedReason: reason, resolvedObservedAt: observedAt, replacedBy, lastMissingSnapshotId } = interval
      changes.push({ ...shared, change: 'resolved', reason, observedAt, replacedBy, lastMissingSnapshotId })
    }
    return changes
  })
}
