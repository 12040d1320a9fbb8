import { cohortOf } from '../../src/domain/cohort.ts'
import { cohortPoints } from '../charts/cohort-points.ts'
import { OutcomeLegend, OutcomeStack } from '../charts/outcome-stack.tsx'
import { COHORT_POINT_COLUMNS } from '../columns/cohorts.tsx'
import { KB_COLUMNS } from '../columns/kbs.tsx'
import type { Kb } from '../data/answers.ts'
import type { Cohort } from '../data/figures.ts'
import { day, monthName, numeral } from '../parts/figures.ts'
import { Link } from '../parts/link.tsx'
import { Shown } from '../parts/shown.tsx'
import { Table } from '../parts/table.tsx'
import { Title } from '../parts/title.tsx'
import { usePage } from '../state/page.ts'
import { useAnswer } from '../state/use-answer.ts'
import { byMachines, KBS_READ } from './kbs.tsx'

const MOST_ROWS = 100

/** One Patch Tuesday: what became of it, day by day, and its KBs. */
export function Month({ month }: { month: string }) {
  const { pathOf } = usePage()
  const cohort = useAnswer<'cohort'>(pathOf(`cohorts/${encodeURIComponent(month)}`), ['cohort', 'points'])
  const name = /^\d{6}$/.test(month) ? monthName(month) : month
  return (
    <>
      <Title of={name}>Patch Tuesday</Title>
      <Shown answer={cohort} height="tall">
        {(answer) => (
          <>
            <Became {...answer} />
            <Kbs month={answer.cohort} />
          </>
        )}
      </Shown>
    </>
  )
}

function Became(cohort: Cohort) {
  const { hrefOf } = usePage()
  const { cohort: month, patchTuesday, kbs, opened, points } = cohort
  return (
    <>
      <h2>{monthName(month)}</h2>
      <p>
        Released {day(patchTuesday)} · {numeral(kbs)} KBs · {numeral(opened)} pairs of a machine and a KB were ever missing ·{' '}
        <Link href={hrefOf('changes', { from: patchTuesday })}>what changed since</Link>
      </p>
      <figure class="chart">
        <OutcomeLegend />
        <OutcomeStack title={`What became of ${monthName(month)}`} width={960} height={200} points={cohortPoints(cohort)} />
        <details>
          <summary>as a table</summary>
          <Table
            caption="What became of it, the newest first"
            columns={COHORT_POINT_COLUMNS}
            rows={[...points].reverse().slice(0, MOST_ROWS)}
            keyOf={({ at }) => at}
            none="Nothing yet."
          />
        </details>
      </figure>
    </>
  )
}

/** The month's KBs, by how many machines miss them now. */
function Kbs({ month }: { month: string }) {
  const { pathOf } = usePage()
  const answer = useAnswer<'kbs'>(pathOf('kbs', { limit: KBS_READ }), ['kbs'])
  return (
    <Shown answer={answer} height="short">
      {({ kbs, nextLink }) => (
        <>
          <Table
            caption="Its KBs, and the machines that miss them now"
            columns={KB_COLUMNS}
            rows={byMachines(kbs.filter((kb) => monthOf(kb) === month)).slice(0, MOST_ROWS)}
            keyOf={({ kbId }) => kbId}
            none="No KB of this month is known."
          />
          {nextLink !== undefined && <p>Of the first {numeral(Number(KBS_READ))} KBs that were ever seen missing.</p>}
        </>
      )}
    </Shown>
  )
}

/** As the app decides it when a KB is first seen. */
const monthOf = ({ kbName, firstSeenAt }: Kb) => cohortOf({ kbName, firstSeenSnapshotId: firstSeenAt.replace(/[-:]/g, '') })
