import { outcomesOf } from '../charts/outcome-stack.tsx'
import type { Cohort, CohortPoint } from '../data/figures.ts'
import { day, days, monthName, numeral } from '../parts/figures.ts'
import { Link } from '../parts/link.tsx'
import type { Column } from '../parts/table.tsx'
import { usePage } from '../state/page.ts'

/** A Patch Tuesday by its month, which leads to it. */
export function MonthLink({ month }: { month: string }) {
  const { hrefOf } = usePage()
  return <Link href={hrefOf('cohorts', { month })}>{monthName(month)}</Link>
}

const lastOf = ({ points }: Cohort) => points.at(-1)
const otherOf = (point: CohortPoint | undefined) => (point ? outcomesOf(point).other : 0)
const until = (count: number | null) => (count === null ? 'not yet' : days(count))

/** Patch Tuesdays, as they stand now. */
export const COHORT_COLUMNS: readonly Column<Cohort>[] = [
  { title: 'Month', isDate: true, cell: ({ cohort }) => <MonthLink month={cohort} /> },
  { title: 'Patch Tuesday', isDate: true, isExtra: true, cell: ({ patchTuesday }) => day(patchTuesday) },
  { title: 'KBs', isNumber: true, isExtra: true, cell: ({ kbs }) => numeral(kbs) },
  { title: 'Ever missing', isNumber: true, isExtra: true, cell: ({ opened }) => numeral(opened) },
  { title: 'Missing now', isNumber: true, cell: (cohort) => numeral(lastOf(cohort)?.missing ?? 0) },
  { title: 'Installed', isNumber: true, cell: (cohort) => numeral(lastOf(cohort)?.installed ?? 0) },
  { title: 'Superseded', isNumber: true, cell: (cohort) => numeral(lastOf(cohort)?.superseded ?? 0) },
  { title: 'Other', isNumber: true, isExtra: true, cell: (cohort) => numeral(otherOf(lastOf(cohort))) },
  { title: 'Half installed', isNumber: true, isExtra: true, cell: ({ daysToHalf }) => until(daysToHalf) },
  { title: 'Nine tenths', isNumber: true, isExtra: true, cell: ({ daysToNineTenths }) => until(daysToNineTenths) },
]

/** What became of one Patch Tuesday, day by day. */
export const COHORT_POINT_COLUMNS: readonly Column<CohortPoint>[] = [
  { title: 'Snapshot', isDate: true, cell: ({ at }) => day(at) },
  { title: 'Day', isNumber: true, isExtra: true, cell: (point) => numeral(point.day) },
  { title: 'Ever missing', isNumber: true, isExtra: true, cell: ({ opened }) => numeral(opened) },
  { title: 'Missing', isNumber: true, cell: ({ missing }) => numeral(missing) },
  { title: 'Installed', isNumber: true, cell: ({ installed }) => numeral(installed) },
  { title: 'Superseded', isNumber: true, cell: ({ superseded }) => numeral(superseded) },
  { title: 'Other', isNumber: true, isExtra: true, cell: (point) => numeral(otherOf(point)) },
]
