import { cohortPoints } from '../charts/cohort-points.ts'
import { OutcomeLegend, OutcomeStack } from '../charts/outcome-stack.tsx'
import { COHORT_COLUMNS, MonthLink } from '../columns/cohorts.tsx'
import type { CohortsAnswer } from '../data/figures.ts'
import { monthName } from '../parts/figures.ts'
import { Shown } from '../parts/shown.tsx'
import { Table } from '../parts/table.tsx'
import { Title } from '../parts/title.tsx'
import { usePage } from '../state/page.ts'
import { useAnswer } from '../state/use-answer.ts'
import { Month } from './month.tsx'

/** What became of Patch Tuesdays: of all that are followed, or of the one that the address names. */
export function Cohorts() {
  const month = usePage().address.params.get('month')
  return month === null ? <AllCohorts /> : <Month month={month} />
}

function AllCohorts() {
  const { pathOf } = usePage()
  const answer = useAnswer<'cohorts'>(pathOf('cohorts', { months: '12' }), ['cohorts'])
  return (
    <>
      <Title>Patch Tuesdays</Title>
      <p class="says">
        Every pair of a machine and a KB of that month that was ever missing, by what became of it. Superseded is not installed: a newer KB
        took its place, and the machine may miss that one.
      </p>
      <Shown answer={answer} height="tall">
        {({ cohorts }) => (
          <>
            <OutcomeLegend />
            <Multiples cohorts={cohorts} />
            <Table
              caption="Patch Tuesdays"
              columns={COHORT_COLUMNS}
              rows={cohorts}
              keyOf={({ cohort }) => cohort}
              none="No snapshot has seen a Patch Tuesday yet."
            />
          </>
        )}
      </Shown>
    </>
  )
}

/** A picture of each month. */
function Multiples({ cohorts }: CohortsAnswer) {
  return (
    <div class="multiples four">
      {cohorts.map((cohort) => (
        <section key={cohort.cohort}>
          <h2>
            <MonthLink month={cohort.cohort} />
          </h2>
          <OutcomeStack title={`What became of ${monthName(cohort.cohort)}`} points={cohortPoints(cohort)} width={300} height={120} />
        </section>
      ))}
    </div>
  )
}
