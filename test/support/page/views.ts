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
