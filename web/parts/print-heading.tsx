import type { SnapshotRef } from '../data/answers.ts'
import { minute, percent } from './figures.ts'
import { usePage } from '../state/page.ts'

/** On paper alone: what an auditor has to see on top of a report. */
export function PrintHeading({ snapshots }: { snapshots: readonly SnapshotRef[] }) {
  const { whom } = usePage()
  return (
    <div class="on-paper">
      {whom?.kind === 'one' && (
        <p>
          Tenant <bdi>{whom.name}</bdi>
          {whom.name !== whom.tenantId && ` (${whom.tenantId})`}
        </p>
      )}
      {snapshots.map(({ snapshotId, startedAt, status, coverage }) => (
        <p key={snapshotId}>
          Snapshot {snapshotId}, started {minute(startedAt)} UTC: {status}, coverage {percent(coverage)}
        </p>
      ))}
      <p>{location.href}</p>
      <p>Printed {minute(new Date().toISOString())} UTC</p>
    </div>
  )
}
