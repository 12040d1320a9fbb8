import type { Change, SnapshotRef, Summary } from '../data/answers.ts'
import { grouped } from '../data/grouped.ts'
import { minute, numeral, percent, successors } from '../parts/figures.ts'
import { GroupName, KbLink, MachineLink } from '../parts/names.tsx'
import { CopyLink } from '../parts/copy-link.tsx'
import { Download } from '../parts/download.tsx'
import { PrintHeading } from '../parts/print-heading.tsx'
import { Select } from '../parts/select.tsx'
import { Shown } from '../parts/shown.tsx'
import { Title } from '../parts/title.tsx'
import { ChangesFilters } from './changes-filters.tsx'
import { usePage } from '../state/page.ts'
import { useAnswer } from '../state/use-answer.ts'
import { Next } from './snapshots.tsx'

/** A page of rows: more is slow to lay out, and hard to read. */
const ROWS = '200'
const MODES = { events: 'every change', net: 'net: what differs between both ends' } as const
const FILTERS = ['from', 'to', 'rbacGroup', 'osPlatform', 'q', 'kbId'] as const

/** What appeared and what was resolved between two snapshots, and why. */
export function Changes() {
  return (
    <>
      <Title>What changed</Title>
      <Counts />
      <ChangesFilters />
      <Rows />
    </>
  )
}

/** Every change by reason, whatever the rows below leave out. */
function Counts() {
  const { address, choose, pathOf } = usePage()
  const [from, to] = ['from', 'to'].map((name) => address.params.get(name) ?? undefined)
  const summary = useAnswer<'diffsSummary'>(pathOf('diffs/summary', { from, to, mode: 'events', groupBy: 'reason' }), ['totals', 'groups'])
  return (
    <Shown answer={summary} height="short">
      {(counts) => (
        <>
          <PrintHeading snapshots={[counts.from, counts.to]} />
          <Ends from={counts.from} to={counts.to} />
          <CopyLink from={counts.from} to={counts.to} />
          <Reasons {...counts} chosen={address.params.getAll('reason')} onChoose={(reason) => choose({ reason, cursor: undefined })} />
        </>
      )}
    </Shown>
  )
}

function Rows() {
  const { address, choose, pathOf } = usePage()
  const { params } = address
  const mode = params.get('mode') === 'net' ? 'net' : 'events'
  const chosen = Object.fromEntries(FILTERS.map((name) => [name, params.get(name) ?? undefined]))
  const rows = { ...chosen, mode, reason: params.getAll('reason') }
  const diff = useAnswer<'diffs'>(pathOf('diffs', { ...rows, limit: ROWS, cursor: params.get('cursor') ?? undefined }), [
    'changes',
    'from',
    'to',
  ])
  return (
    <>
      <div class="filters">
        <Select id="mode" label="Rows" value={mode} options={MODES} onChoose={(value) => choose({ mode: value, cursor: undefined })} />
        <Download path={pathOf('diffs', { ...rows, format: 'csv' })} name="changes.csv" />
      </div>
      <Shown answer={diff} height="tall">
        {({ changes, nextLink }) => (
          <>
            <ByMachine changes={changes} />
            <Next nextLink={nextLink} />
          </>
        )}
      </Shown>
    </>
  )
}

/** Which snapshots both ends mean. */
function Ends({ from, to }: { from: SnapshotRef; to: SnapshotRef }) {
  const told = ({ startedAt, coverage, status }: SnapshotRef) => `${minute(startedAt)} (${status}, ${percent(coverage)})`
  return (
    <p class="ends">
      From the snapshot of <strong>{told(from)}</strong> to that of <strong>{told(to)}</strong>
    </p>
  )
}

interface ReasonsProps extends Summary {
  chosen: readonly string[]
  onChoose: (reasons: string[]) => void
}

/** Counts of every change by reason, each a switch of the rows below: installed stands apart from superseded. */
function Reasons({ totals, groups, chosen, onChoose }: ReasonsProps) {
  const toggle = (reason: string) => onChoose(chosen.includes(reason) ? chosen.filter((one) => one !== reason) : [...chosen, reason])
  return (
    <div class="reasons">
      <p>
        <strong>+{numeral(totals.appeared)}</strong> appeared, <strong>−{numeral(totals.resolved)}</strong> resolved: every change, by
        reason
      </p>
      <ul>
        {groups.map(({ key, appeared, resolved }) => (
          <li key={key ?? ''}>
            <button type="button" aria-pressed={chosen.includes(key ?? '')} class={key ?? ''} onClick={() => toggle(key ?? '')}>
              {key} {numeral(appeared + resolved)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Rows under the machine that they are about, as the answer is ordered. */
function ByMachine({ changes }: { changes: Change[] }) {
  if (changes.length === 0) return <p class="none">Nothing changed so, in this stretch.</p>
  const machines = grouped(changes, ({ machineId }) => machineId)
  return (
    <div class="scroll" role="region" aria-label="Changes" tabIndex={0}>
      <table>
        <caption>Changes by machine</caption>
        <thead>
          <tr>
            <th scope="col">Change</th>
            <th scope="col">KB</th>
            <th scope="col">Reason</th>
            <th scope="col" class="number">
              Missing
            </th>
            <th scope="col">Snapshot</th>
          </tr>
        </thead>
        {machines.map(([machineId, rows]) => (
          <MachineRows key={machineId} rows={rows} />
        ))}
      </table>
    </div>
  )
}

function MachineRows({ rows }: { rows: Change[] }) {
  const [first] = rows
  return (
    <tbody>
      {first && (
        <tr class="of">
          <th colSpan={5} scope="rowgroup">
            <MachineLink {...first} /> <GroupName name={first.rbacGroupName} />
          </th>
        </tr>
      )}
      {rows.map((row) => (
        <tr key={`${row.kbId} ${row.snapshotId} ${row.change}`}>
          <td class={`date ${row.change}`}>{row.change === 'appeared' ? '+ appeared' : '− resolved'}</td>
          <td>
            <KbLink {...row} />
          </td>
          <td>
            {row.reason}
            {successors(row.replacedBy)}
            {row.stillExposed === true && ', still exposed'}
          </td>
          <td class="number">{numeral(row.daysMissing)} d</td>
          <td class="date">{minute(row.at)}</td>
        </tr>
      ))}
    </tbody>
  )
}
