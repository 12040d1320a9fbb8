import { CHANGE_COLUMNS } from '../columns/changes.tsx'
import type { Change, SnapshotRef, Summary } from '../data/answers.ts'
import { CopyLink } from '../parts/copy-link.tsx'
import { Download } from '../parts/download.tsx'
import { minute, percent } from '../parts/figures.ts'
import { GroupName, MachineLink } from '../parts/names.tsx'
import { Next } from '../parts/next.tsx'
import { PrintedSnapshots } from '../parts/print-heading.tsx'
import { Shown } from '../parts/shown.tsx'
import { Table } from '../parts/table.tsx'
import { Title } from '../parts/title.tsx'
import { usePage } from '../state/page.ts'
import { useAnswer } from '../state/use-answer.ts'
import { ChangesFilters, FILTERS } from './changes-filters.tsx'
import { Reasons } from './reasons.tsx'

/** A page of rows: more is slow to lay out, and hard to read. */
const ROWS = '200'

/** What appeared and what was resolved between two snapshots, and why. */
export function Changes() {
  const { address, pathOf } = usePage()
  const [from, to] = ['from', 'to'].map((name) => address.params.get(name) ?? undefined)
  // Every change by reason, whatever the rows below leave out.
  const summary = useAnswer<'diffsSummary'>(pathOf('diffs/summary', { from, to, mode: 'events', groupBy: 'reason' }), ['totals', 'groups'])
  const ends = summary.asked?.kind === 'ok' ? summary.asked.json : undefined
  return (
    <>
      <Title>What changed</Title>
      <Shown answer={summary} height="short">
        {(counts) => <Counts {...counts} />}
      </Shown>
      <ChangesFilters ends={ends} />
      <Rows ends={ends} />
    </>
  )
}

function Counts(counts: Summary) {
  const { address, choose } = usePage()
  return (
    <>
      <PrintedSnapshots snapshots={[counts.from, counts.to]} />
      <Ends from={counts.from} to={counts.to} />
      <Reasons {...counts} chosen={address.params.getAll('reason')} onChoose={(reason) => choose({ reason, cursor: undefined })} />
    </>
  )
}

/** Which snapshots both ends mean. */
function Ends({ from, to }: { from: SnapshotRef; to: SnapshotRef }) {
  return (
    <p class="ends">
      From the snapshot of <Told {...from} /> to that of <Told {...to} />
    </p>
  )
}

function Told({ startedAt, coverage, status }: SnapshotRef) {
  return (
    <strong>
      <span class="date">{minute(startedAt)}</span> ({status}, {percent(coverage)})
    </strong>
  )
}

function Rows({ ends }: { ends: { from: SnapshotRef; to: SnapshotRef } | undefined }) {
  const { address, pathOf } = usePage()
  const { params } = address
  const mode = params.get('mode') === 'net' ? 'net' : 'events'
  const chosen = Object.fromEntries(FILTERS.map((name) => [name, params.get(name) ?? undefined]))
  const rows = { ...chosen, mode, reason: params.getAll('reason') }
  const cursor = params.get('cursor') ?? undefined
  const diff = useAnswer<'diffs'>(pathOf('diffs', { ...rows, limit: ROWS, cursor }), ['changes', 'from', 'to'])
  return (
    <>
      <div class="filters">
        <Download path={pathOf('diffs', { ...rows, format: 'csv' })} name="changes.csv" />
        {ends && <CopyLink {...ends} />}
      </div>
      <Shown answer={diff} height="tall">
        {({ changes, nextLink }) => (
          <>
            <Table
              caption="Changes by machine"
              columns={CHANGE_COLUMNS}
              rows={changes}
              keyOf={({ machineId, kbId, snapshotId, change }) => [machineId, kbId, snapshotId, change].join(' ')}
              none="Nothing changed so, in this stretch."
              isDense
              under={{ keyOf: ({ machineId }) => machineId, head: (change) => <Whose {...change} /> }}
            />
            <Next nextLink={nextLink} />
          </>
        )}
      </Shown>
    </>
  )
}

/** The machine that rows are about, as the answer is ordered. */
function Whose(change: Change) {
  return (
    <>
      <MachineLink {...change} /> <GroupName name={change.rbacGroupName} />
    </>
  )
}
