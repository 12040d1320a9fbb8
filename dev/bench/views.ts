import type { LargeFleet } from './write-fleet.ts'

/** The address of each view of a large fleet, each with as much as it can show. */
export function viewsOf({ newestSnapshotId, incompleteSnapshotId, worstMachineId, kbId }: LargeFleet): string[] {
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
