import type { Interval } from './interval.ts'
import { type KbAttributes, kbAttributesOf } from './kb.ts'
import type { Machine } from './machine.ts'
import type { AppearedReason, ResolvedReason } from './reasons.ts'

export const CHANGES = ['appeared', 'resolved'] as const

type MachineNames = Pick<Machine, 'machineId' | 'computerDnsName' | 'osPlatform' | 'rbacGroupName'>

/** An interval opening or closing in a snapshot, with the machine and the KB as they were known then. */
export type Change = MachineNames &
  KbAttributes & {
    snapshotId: string
    kbId: string
    replacedBy: readonly string[]
    observedAt: string
    /** The snapshot that opened the interval. */
    appearedSnapshotId: string
    /** The last snapshot that still saw it; null for `appeared`. */
    lastMissingSnapshotId: string | null
    /** The snapshot in which the exposure began that the interval belongs to; null in a row of an older version. */
    exposedSince: string | null
    exposedAtLeast: boolean
    /** Whether the machine stays exposed by the change: null where nothing can be claimed. */
    stillExposed: boolean | null
  } & ({ change: 'appeared'; reason: AppearedReason } | { change: 'resolved'; reason: ResolvedReason })

/** The changes that a snapshot made to a machine's intervals. Repeatable: the same changes from the same intervals. */
export function projectChanges(machine: MachineNames, intervals: readonly Interval[], snapshotId: string): Change[] {
  return intervals.flatMap((interval) => {
    const shared = {
      snapshotId,
      machineId: machine.machineId,
      kbId: interval.kbId,
      computerDnsName: machine.computerDnsName,
      osPlatform: machine.osPlatform,
      rbacGroupName: machine.rbacGroupName,
      ...kbAttributesOf(interval),
      appearedSnapshotId: interval.appearedSnapshotId,
      exposedSince: interval.exposedSince,
      exposedAtLeast: interval.exposedAtLeast,
    }
    const changes: Change[] = []
    if (interval.appearedSnapshotId === snapshotId) {
      const { appearedReason: reason, appearedObservedAt: observedAt } = interval
      changes.push({ ...shared, change: 'appeared', reason, observedAt, replacedBy: [], lastMissingSnapshotId: null, stillExposed: true })
    }
    if (interval.resolvedSnapshotId === snapshotId && interval.resolvedReason !== null) {
      const { resolvedReason: reason, resolvedObservedAt, replacedBy, lastMissingSnapshotId, stillExposed } = interval
      const observedAt = resolvedObservedAt ?? ''
      changes.push({ ...shared, change: 'resolved', reason, observedAt, replacedBy, lastMissingSnapshotId, stillExposed })
    }
    return changes
  })
}
