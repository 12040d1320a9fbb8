import type { LargeFleet } from '../../../dev/bench/write-fleet.ts'
import type { ServedFleet } from './served-fleet.ts'

/** The address of each view, with a machine and a KB of the fleet that have something to show. */
export function viewsOf({ ledger }: ServedFleet): string[] {
  const [machineId = '', machine] = [...ledger.machines].find(([, { gaps, open }]) => gaps.length > 0 && open.length > 0) ?? []
  const { first, last } = ledger
  const ends = `from=${first.snapshotId}&to=${last.snapshotId}`
  const withUnknown = ledger.looks.find(({ unknown }) => unknown.size > 0)
  return [
    '?view=overview',
    `?view=changes&${ends}`,
    `?view=changes&${ends}&mode=net&reason=new`,
    '?view=cohorts',
    '?view=cohorts&month=202603',
    '?view=groups',
    '?view=machines&sort=oldest',
    `?view=snapshots&snapshotId=${(withUnknown ?? last).snapshotId}`,
    `?view=machine&machineId=${machineId}`,
    `?view=kb&kbId=${machine?.open[0]?.kbId ?? ''}`,
    '?view=kbs',
    '?view=tenants',
  ]
}

/** The address of each view of a large fleet, each with as much as it can show. */
export function viewsOfLarge({ newestSnapshotId, incompleteSnapshotId, worstMachineId, kbId }: LargeFleet): string[] {
  return [
    '?view=overview',
    // As many points as a picture has.
    '?view=overview&from=1970-01-01',
    '?view=overview&from=-365d',
    `?view=changes&from=${incompleteSnapshotId}&to=${newestSnapshotId}`,
    '?view=cohorts',
    '?view=cohorts&month=202705',
    '?view=groups',
    '?view=machines',
    '?view=kbs',
    `?view=snapshots&snapshotId=${incompleteSnapshotId}`,
    `?view=machine&machineId=${worstMachineId}`,
    `?view=kb&kbId=${kbId}`,
    '?view=tenants',
  ]
}
