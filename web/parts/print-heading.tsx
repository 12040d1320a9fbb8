import type { SnapshotRef } from '../data/answers.ts'
import { usePage } from '../state/page.ts'
import { minute, percent } from './figures.ts'

/** On paper alone: what an auditor has to see on top of a report. */
export function PrintHeading() {
  const { whom } = usePage()
  return (
    <div class="on-paper">
      {whom?.kind === 'one' && (
        <p>
          Tenant <bdi>{whom.name}</bdi>
          {whom.name !== whom.tenantId && ` (${whom.tenantId})`}
        </p>
      )}
      <p>{location.href}</p>
      <p>Printed {minute(new Date().toISOString())} UTC</p>
    </div>
  )
}

/** The snapshots that a report speaks of, and of how much of the fleet each does. */
export function PrintedSnapshots({ snapshots }: { snapshots: readonly SnapshotRef[] }) {
  return (
    <div class="on-paper">
      {snapshots.map(({ snapshotId, startedAt, status, coverage }) => (
        <p key={snapshotId}>
          Snapshot {snapshotId}, started {minute(startedAt)} UTC: {status}, coverage {percent(coverage)}
        </p>
      ))}
    </div>
  )
}
