import { HeatMap } from '../charts/heat-map.tsx'
import { cohortPoints } from '../charts/cohort-points.ts'
import { OutcomeLegend, OutcomeStack } from '../charts/outcome-stack.tsx'
import { MonthLink } from '../columns/cohorts.tsx'
import { TOP_KB_COLUMNS } from '../columns/kbs.tsx'
import { TOP_MACHINE_COLUMNS } from '../columns/machines.tsx'
import type { GroupsAnswer, Overview as Figures } from '../data/figures.ts'
import { monthName, numeral } from '../parts/figures.ts'
import { Help } from '../parts/help.tsx'
import { Link } from '../parts/link.tsx'
import { PrintedSnapshots } from '../parts/print-heading.tsx'
import { Shown } from '../parts/shown.tsx'
import { Table } from '../parts/table.tsx'
import { Title } from '../parts/title.tsx'
import { usePage } from '../state/page.ts'
import { type Answer, useAnswer } from '../state/use-answer.ts'
import { useGroups } from '../state/use-groups.ts'
import { Five, isKnown } from './overview-tiles.tsx'
import { Trend } from './trend.tsx'

/** Rows of the heat map: Groups has all. */
const MOST_GROUPS = 10

/** Five answers within ten seconds: can I trust this, is it getting better, what changed, what first, are we fast enough. */
export function Overview() {
  const { pathOf } = usePage()
  const answer = useAnswer<'overview'>(pathOf('overview'), ['asOf', 'totals', 'trend', 'cohorts'])
  const groups = useGroups('rbacGroup')
  return (
    <>
      <Title>Overview</Title>
      <Shown answer={answer} height="tall">
        {(figures) => (
          <>
            <PrintedSnapshots snapshots={[figures.asOf]} />
            <Five {...figures} />
            <Trend figures={figures} groups={groups} />
            <Became {...figures} />
            <First {...figures} />
            <Worst groups={groups} />
          </>
        )}
      </Shown>
      <Help />
    </>
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
            <h3>
              <MonthLink month={cohort.cohort} />
            </h3>
            <OutcomeStack title={`What became of ${monthName(cohort.cohort)}`} points={cohortPoints(cohort)} width={300} height={120} />
          </section>
        ))}
      </div>
    </section>
  )
}

/** What to fix first: the KBs and the machines at the head of their lists. */
function First(figures: Figures) {
  const { hrefOf } = usePage()
  const { worstKbs, oldestMachines } = figures
  const unknown = isKnown(figures) ? undefined : 'No machine has answered: nothing is known.'
  return (
    <div class="columns">
      <section>
        <h2>
          <Link href={hrefOf('kbs')}>KBs</Link> that most machines miss
        </h2>
        <Table
          caption="KBs by machines that miss them"
          columns={TOP_KB_COLUMNS}
          rows={worstKbs}
          keyOf={({ kbId }) => kbId}
          none={unknown ?? 'Nothing is missing.'}
        />
      </section>
      <section>
        <h2>
          <Link href={hrefOf('machines', { sort: 'oldest' })}>Machines</Link> that are exposed longest
        </h2>
        <Table
          caption="Machines by their oldest exposure"
          columns={TOP_MACHINE_COLUMNS}
          rows={oldestMachines}
          keyOf={({ machineId }) => machineId}
          none={unknown ?? 'No machine misses anything.'}
        />
      </section>
    </div>
  )
}

/** The groups with most missing pairs, by how many are old for each machine. */
function Worst({ groups }: { groups: Answer<GroupsAnswer> }) {
  const { hrefOf } = usePage()
  return (
    <section>
      <h2>
        <Link href={hrefOf('groups')}>Groups</Link>, over 30 days, by month
      </h2>
      <Shown answer={groups} height="short">
        {(answer) => (
          <>
            <HeatMap {...answer} measure="over30" by="rbacGroup" most={MOST_GROUPS} />
            {answer.groups.length > MOST_GROUPS && (
              <p>
                These are the {MOST_GROUPS} with most missing pairs of {numeral(answer.groups.length)}; Groups has all.
              </p>
            )}
          </>
        )}
      </Shown>
    </section>
  )
}
