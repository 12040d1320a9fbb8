import { Timeline } from '../charts/timeline.tsx'
import { GAP_COLUMNS, INTERVAL_COLUMNS } from '../columns/history.tsx'
import type { Gap, Interval, OneMachine } from '../data/answers.ts'
import { minute, numeral } from '../parts/figures.ts'
import { Download } from '../parts/download.tsx'
import { GroupName, machineName } from '../parts/names.tsx'
import { Shown } from '../parts/shown.tsx'
import { Table } from '../parts/table.tsx'
import { Title } from '../parts/title.tsx'
import { usePage } from '../state/page.ts'
import { useAnswer } from '../state/use-answer.ts'

/** A machine with thousands of KBs would make a picture of many thousand lines. */
const MOST_LINES = 100
const MOST_ROWS = 200

/** One machine: what it missed, when, and when nobody knows. */
export function MachineView() {
  const { address, pathOf } = usePage()
  const id = encodeURIComponent(address.params.get('machineId') ?? '')
  const machine = useAnswer<'machine'>(pathOf(`machines/${id}`), ['machineId', 'state'])
  const history = useAnswer<'machineHistory'>(pathOf(`machines/${id}/history`), ['intervals'])
  return (
    <>
      <Title of={machine.asked?.kind === 'ok' ? machineName(machine.asked.json) : undefined}>Machine</Title>
      <Shown answer={machine} height="short">
        {(attributes) => <Attributes {...attributes} />}
      </Shown>
      <Shown answer={history} height="tall">
        {({ intervals, gaps }) => (
          <>
            <Stretches intervals={intervals} gaps={gaps ?? []} />
            <Download path={pathOf(`machines/${id}/history`, { format: 'csv' })} name="machine.csv" />
          </>
        )}
      </Shown>
    </>
  )
}

function Attributes({ machineId, computerDnsName, osPlatform, version, rbacGroupName, lastSeen, state, missing, assessed }: OneMachine) {
  return (
    <>
      <h2>
        <bdi>{machineName({ machineId, computerDnsName })}</bdi>
      </h2>
      <p>
        <bdi>{osPlatform}</bdi> <bdi>{version}</bdi> · <GroupName name={rbacGroupName} /> ·{' '}
        {lastSeen === null ? 'never reported' : `reported ${minute(lastSeen)}`} · {state}
        {missing !== null && ` · ${numeral(missing)} KBs missing`}
      </p>
      {!assessed && <p class="notice bad">Not assessed: what it misses now is not known.</p>}
    </>
  )
}

function Stretches({ intervals, gaps }: { intervals: Interval[]; gaps: Gap[] }) {
  const shown = [...intervals].sort(openAndOldestFirst).slice(0, MOST_LINES)
  return (
    <>
      {shown.length > 0 && <Timeline intervals={shown} gaps={gaps} />}
      {intervals.length > shown.length && (
        <p>
          The picture has {MOST_LINES} stretches, those that are open and the oldest first; there are {numeral(intervals.length)}.
        </p>
      )}
      <Table
        caption="What it missed, the newest first"
        columns={INTERVAL_COLUMNS}
        rows={intervals.slice(0, MOST_ROWS)}
        keyOf={({ kbId, firstMissingAt }) => `${kbId} ${firstMissingAt}`}
        none="It was never seen to miss anything."
        isDense
      />
      {intervals.length > MOST_ROWS && (
        <p>
          These are the newest {MOST_ROWS} of {numeral(intervals.length)}; the file has all.
        </p>
      )}
      {gaps.length > 0 && (
        <Table
          caption="When it was not assessed"
          columns={GAP_COLUMNS}
          rows={gaps.slice(0, MOST_LINES)}
          keyOf={({ from }) => from}
          none=""
        />
      )}
    </>
  )
}

const openAndOldestFirst = (a: Interval, b: Interval) =>
  Number(a.resolvedAt !== undefined) - Number(b.resolvedAt !== undefined) || (a.firstMissingAt < b.firstMissingAt ? -1 : 1)
