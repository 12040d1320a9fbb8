import type { Interval } from './interval.ts'
import { foldedKbId } from './kb-id.ts'
import { type KbAttributes, kbAttributesOf } from './kb.ts'
import type { Machine } from './machine.ts'
import type { AppearedReason, ResolvedReason } from './reasons.ts'
import { takenOverIn, takenOverOf } from './taken-over.ts'
import { mergeTakenOver, type TakenOver } from './trend.ts'

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
    /** The answer that showed it was a bulk source's. */
    derived: boolean
    /** Whether the machine stays exposed by the change: null where nothing can be claimed. */
    stillExposed: boolean | null
    /** Of `appeared`, how the machine's interval before of the same KB ended, if there was one. */
    reopenedAfter: ResolvedReason | null
    /** Of `appeared`, exposures that were taken for ended, and that go on with it. */
    takenOver: readonly TakenOver[]
  } & ({ change: 'appeared'; reason: AppearedReason } | { change: 'resolved'; reason: ResolvedReason })

/** The changes that a snapshot made to a machine's intervals. Repeatable: the same changes from the same intervals. */
export function projectChanges(machine: MachineNames, intervals: readonly Interval[], snapshotId: string): Change[] {
  const takenOver = takenOverIn(intervals, snapshotId)
  return intervals.flatMap((interval) => {
    const shared = sharedOf(machine, interval, snapshotId)
    const changes: Change[] = []
    if (interval.appearedSnapshotId === snapshotId) {
      const { appearedReason: reason, appearedObservedAt: observedAt } = interval
      const before = {
        reopenedAfter: endingBefore(interval, intervals),
        takenOver: mergeTakenOver((takenOver.get(interval) ?? []).flatMap(takenOverOf)),
      }
      const open = { replacedBy: [], lastMissingSnapshotId: null, stillExposed: true }
      changes.push({ ...shared, change: 'appeared', reason, observedAt, ...open, ...before })
    }
    if (interval.resolvedSnapshotId === snapshotId && interval.resolvedReason !== null) {
      const { resolvedReason: reason, resolvedObservedAt, replacedBy, lastMissingSnapshotId, stillExposed } = interval
      const end = { observedAt: resolvedObservedAt ?? '', replacedBy, lastMissingSnapshotId, stillExposed }
      changes.push({ ...shared, change: 'resolved', reason, ...end, reopenedAfter: null, takenOver: [] })
    }
    return changes
  })
}

function sharedOf(machine: MachineNames, interval: Interval, snapshotId: string) {
  return {
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
    derived: interval.derived,
  }
}

/** How the interval before of the same KB ended. */
export function endingBefore({ kbId, appearedSnapshotId }: Interval, intervals: readonly Interval[]): ResolvedReason | null {
  const id = foldedKbId(kbId)
  const before = intervals.filter((other) => other.appearedSnapshotId < appearedSnapshotId && foldedKbId(other.kbId) === id)
  const last = before.reduce<Interval | undefined>(
    (latest, other) => (latest && latest.appearedSnapshotId > other.appearedSnapshotId ? latest : other),
    undefined,
  )
  return last?.resolvedReason ?? null
}
