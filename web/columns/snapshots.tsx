import type { Snapshot } from '../data/answers.ts'
import { lasted, minute, numeral, percent } from '../parts/figures.ts'
import { Link } from '../parts/link.tsx'
import type { Column } from '../parts/table.tsx'
import { usePage } from '../state/page.ts'

/** Snapshots: how much of the fleet each speaks of, what it found, and what it cost. */
export const SNAPSHOT_COLUMNS: readonly Column<Snapshot>[] = [
  { title: 'Started', isDate: true, cell: (snapshot) => <UnknownLink {...snapshot}>{minute(snapshot.startedAt)}</UnknownLink> },
  { title: 'Status', cell: ({ status, error }) => (error ? `${status}: ${error.detail}` : status) },
  { title: 'Observed', isNumber: true, isExtra: true, cell: ({ machines }) => numeral(machines.observed) },
  { title: 'Unknown', isNumber: true, cell: (snapshot) => <UnknownLink {...snapshot}>{numeral(snapshot.machines.unknown)}</UnknownLink> },
  { title: 'Coverage', isNumber: true, isExtra: true, cell: ({ coverage }) => percent(coverage) },
  { title: 'Assessed', isNumber: true, isExtra: true, cell: ({ assessed }) => (assessed === null ? '–' : percent(assessed)) },
  { title: 'Appeared', isNumber: true, isExtra: true, cell: (snapshot) => <Changed {...snapshot} count={snapshot.changes.appeared} /> },
  { title: 'Resolved', isNumber: true, isExtra: true, cell: (snapshot) => <Changed {...snapshot} count={snapshot.changes.resolved} /> },
  { title: 'Calls', isNumber: true, isExtra: true, cell: ({ api }) => numeral(api.calls) },
  { title: 'Throttled', isNumber: true, isExtra: true, cell: ({ api }) => numeral(api.throttled) },
  {
    title: 'Took',
    isNumber: true,
    isExtra: true,
    cell: ({ startedAt, finishedAt }) => (finishedAt === undefined ? '–' : lasted(startedAt, finishedAt)),
  },
]

/** Leads to the machines that are unknown, where there are any. */
function UnknownLink({ snapshotId, machines, children }: Snapshot & { children: string }) {
  const { hrefOf } = usePage()
  return machines.unknown === 0 ? <>{children}</> : <Link href={hrefOf('snapshots', { snapshotId })}>{children}</Link>
}

/** What changed in a snapshot, since the one before it. */
function Changed({ snapshotId, count }: Snapshot & { count: number }) {
  const { hrefOf } = usePage()
  return count === 0 ? <>0</> : <Link href={hrefOf('changes', { to: snapshotId })}>{numeral(count)}</Link>
}
