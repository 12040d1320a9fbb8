import { byText, type CohortPoint, groupBy, monthBefore, patchMonthAt, type Snapshot, snapshotStartMs } from '../../domain/index.ts'
import type { TenantStore } from '../../store/index.ts'

/** A cohort up to a snapshot, its points by day, oldest first: what became of it at the end of each. */
export interface CohortSeries {
  /** `202605`. */
  cohort: string
  points: CohortPoint[]
}

type AsOf = Pick<Snapshot, 'snapshotId'>

/** The newest cohorts as of a snapshot, newest first. */
export async function newestCohorts({ trends }: Pick<TenantStore, 'trends'>, asOf: AsOf, months: number): Promise<CohortSeries[]> {
  let first = patchMonthAt(snapshotStartMs(asOf.snapshotId))
  for (let month = 1; month < months; month++) first = monthBefore(first)
  const series = seriesOf(await trends.cohorts({ from: first, to: LAST_MONTH }), asOf)
  return series.slice(0, months)
}

/** One cohort; undefined where none of its KBs was counted yet. */
export async function findCohort({ trends }: Pick<TenantStore, 'trends'>, asOf: AsOf, cohort: string): Promise<CohortSeries | undefined> {
  return seriesOf(await trends.cohorts({ from: cohort, to: cohort }), asOf)[0]
}

const LAST_MONTH = '999912'

/** Points of a snapshot that has not ended are nobody's yet. */
function seriesOf(points: readonly CohortPoint[], { snapshotId }: AsOf): CohortSeries[] {
  const shown = points.filter((one) => one.snapshotId <= snapshotId)
  return [...groupBy(shown, ({ cohort }) => cohort)]
    .map(([cohort, own]) => ({ cohort, points: own }))
    .sort((a, b) => byText(b.cohort, a.cohort))
}
