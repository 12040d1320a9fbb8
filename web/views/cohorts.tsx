import { OutcomeLegend, outcomesOf, OutcomeStack } from '../charts/outcome-stack.tsx'
import type { Cohort } from '../data/figures.ts'
import { day, days, numeral } from '../parts/figures.ts'
import { Shown } from '../parts/shown.tsx'
import { Table } from '../parts/table.tsx'
import { Title } from '../parts/title.tsx'
import { usePage } from '../state/page.ts'
import { useAnswer } from '../state/use-answer.ts'

/** What became of each Patch Tuesday. */
export function Cohorts() {
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
            <div class="multiples">
              {cohorts.map((cohort) => (
                <section key={cohort.cohort}>
                  <h2>{monthName(cohort.cohort)}</h2>
                  <OutcomeStack title={`What became of ${monthName(cohort.cohort)}`} points={pointsOf(cohort)} />
                </section>
              ))}
            </div>
            <Table
              caption="Patch Tuesdays"
              columns={COLUMNS}
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

/** 202605 as 2026-05. */
export const monthName = (month: string): string => `${month.slice(0, 4)}-${month.slice(4)}`

/** Points of a cohort for its picture. */
export const pointsOf = ({ points }: Cohort) => points.map((point) => ({ key: point.at, label: day(point.at), ...outcomesOf(point) }))

const lastOf = ({ points }: Cohort) => points.at(-1)
const other = (cohort: Cohort) => {
  const last = lastOf(cohort)
  return last ? outcomesOf(last).other : 0
}

const COLUMNS = [
  { title: 'Month', isDate: true, cell: ({ cohort }: Cohort) => monthName(cohort) },
  { title: 'Patch Tuesday', isDate: true, cell: ({ patchTuesday }: Cohort) => day(patchTuesday) },
  { title: 'KBs', isNumber: true, cell: ({ kbs }: Cohort) => numeral(kbs) },
  { title: 'Ever missing', isNumber: true, cell: ({ opened }: Cohort) => numeral(opened) },
  { title: 'Missing now', isNumber: true, cell: (cohort: Cohort) => numeral(lastOf(cohort)?.missing ?? 0) },
  { title: 'Installed', isNumber: true, cell: (cohort: Cohort) => numeral(lastOf(cohort)?.installed ?? 0) },
  { title: 'Superseded', isNumber: true, cell: (cohort: Cohort) => numeral(lastOf(cohort)?.superseded ?? 0) },
  { title: 'Other', isNumber: true, cell: (cohort: Cohort) => numeral(other(cohort)) },
  { title: 'Half installed', isNumber: true, cell: ({ daysToHalf }: Cohort) => (daysToHalf === null ? 'not yet' : days(daysToHalf)) },
  {
    title: 'Nine tenths',
    isNumber: true,
    cell: ({ daysToNineTenths }: Cohort) => (daysToNineTenths === null ? 'not yet' : days(daysToNineTenths)),
  },
]
