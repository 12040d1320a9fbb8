import { over30, sumOf } from '../../src/domain/age.ts'
import { AgeBars } from '../charts/age-bars.tsx'
import { OutcomeLegend, OutcomeStack } from '../charts/outcome-stack.tsx'
import type { TopKb, TopMachine } from '../data/answers.ts'
import type { Overview as Figures } from '../data/figures.ts'
import { days, numeral } from '../parts/figures.ts'
import { Help } from '../parts/help.tsx'
import { Link } from '../parts/link.tsx'
import { GroupName, KbLink, MachineLink } from '../parts/names.tsx'
import { PrintHeading } from '../parts/print-heading.tsx'
import { Shown } from '../parts/shown.tsx'
import { Table } from '../parts/table.tsx'
import { Title } from '../parts/title.tsx'
import { toView } from '../state/address.ts'
import { usePage } from '../state/page.ts'
import { useAnswer } from '../state/use-answer.ts'
import { monthName, pointsOf } from './cohorts.tsx'
import { Five } from './overview-tiles.tsx'

/** Five answers within ten seconds: can I trust this, is it getting better, what changed, what first, are we fast enough. */
export function Overview() {
  const { pathOf } = usePage()
  const answer = useAnswer<'overview'>(pathOf('overview'), ['asOf', 'totals', 'trend', 'cohorts'])
  return (
    <>
      <Title>Overview</Title>
      <Shown answer={answer} height="tall">
        {(figures) => (
          <>
            <PrintHeading snapshots={[figures.asOf]} />
            <Five {...figures} />
            <Trend {...figures} />
            <Became {...figures} />
            <First {...figures} />
            <Standings {...figures} />
          </>
        )}
      </Shown>
      <Help />
    </>
  )
}

function Trend({ trend, asOf }: Figures) {
  const { address, go } = usePage()
  return (
    <section>
      <h2>Is it getting better?</h2>
      <AgeBars
        points={trend.points}
        ageBuckets={trend.ageBuckets}
        onChoose={({ snapshotId }) => go(toView(address, 'changes', { from: snapshotId, to: asOf.snapshotId }))}
      />
    </section>
  )
}

/** The newest Patch Tuesdays, each by what became of it. */
function Became({ cohorts }: Figures) {
  const { hrefOf } = usePage()
  if (cohorts.length === 0) return null
  return (
    <section>
      <h2>
        What became of each <Link href={hrefOf('cohorts')}>Patch Tuesday</Link>
      </h2>
      <OutcomeLegend />
      <div class="multiples four">
        {cohorts.map((cohort) => (
          <section key={cohort.cohort}>
            <h3>{monthName(cohort.cohort)}</h3>
            <OutcomeStack title={`What became of ${monthName(cohort.cohort)}`} points={pointsOf(cohort)} width={300} height={120} />
          </section>
        ))}
      </div>
    </section>
  )
}

/** The groups with most missing pairs, and how much of each the newest snapshot speaks of. */
function Standings({ groups, others }: Figures) {
  const { hrefOf } = usePage()
  return (
    <section>
      <h2>
        <Link href={hrefOf('groups')}>Groups</Link> with most missing pairs
      </h2>
      <Table
        caption="Groups, now"
        columns={GROUP_COLUMNS}
        rows={groups.slice(0, 10)}
        keyOf={({ key }) => key ?? ''}
        none="No group was counted yet."
      />
      {(others || groups.length > 10) && <p>And others: Groups has all.</p>}
    </section>
  )
}

function First({ worstKbs, oldestMachines }: Figures) {
  return (
    <div class="columns">
      <section>
        <h2>KBs that most machines miss</h2>
        <Table
          caption="KBs by machines that miss them"
          columns={KB_COLUMNS}
          rows={worstKbs}
          keyOf={({ kbId }) => kbId}
          none="Nothing is missing."
        />
      </section>
      <section>
        <h2>Machines that are exposed longest</h2>
        <Table
          caption="Machines by their oldest exposure"
          columns={MACHINE_COLUMNS}
          rows={oldestMachines}
          keyOf={({ machineId }) => machineId}
          none="No machine misses anything."
        />
      </section>
    </div>
  )
}

const KB_COLUMNS = [
  { title: 'KB', cell: (kb: TopKb) => <KbLink {...kb} /> },
  { title: 'Machines', isNumber: true, cell: ({ machinesMissing }: TopKb) => numeral(machinesMissing) },
]

const MACHINE_COLUMNS = [
  { title: 'Machine', cell: (machine: TopMachine) => <MachineLink {...machine} /> },
  { title: 'Group', cell: ({ rbacGroupName }: TopMachine) => <GroupName name={rbacGroupName} /> },
  {
    title: 'Exposed',
    isNumber: true,
    cell: ({ daysExposed, exposedAtLeast }: TopMachine) => (daysExposed === undefined ? '–' : days(daysExposed, exposedAtLeast)),
  },
  { title: 'Missing', isNumber: true, cell: ({ missing }: TopMachine) => (missing === null ? '–' : numeral(missing)) },
]

type Group = Figures['groups'][number]

const GROUP_COLUMNS = [
  { title: 'Group', cell: ({ key }: Group) => <GroupName name={key} /> },
  { title: 'Machines', isNumber: true, cell: ({ asked }: Group) => numeral(asked) },
  { title: 'Unknown', isNumber: true, cell: ({ unknown }: Group) => numeral(unknown) },
  { title: 'Missing', isNumber: true, cell: ({ pairs }: Group) => numeral(sumOf(pairs)) },
  { title: 'Over 30 days', isNumber: true, cell: ({ pairs }: Group) => numeral(over30(pairs)) },
  {
    title: 'Over 30 days, a machine',
    isNumber: true,
    cell: ({ pairs, asked }: Group) => (asked === 0 ? '–' : (over30(pairs) / asked).toFixed(1)),
  },
]
