import { byText } from './by-text.ts'
import { cohortOf } from './cohort.ts'
import { dayOf } from './day-point.ts'
import type { Kb, PairOutcomes } from './kb.ts'
import { RESOLVED_REASONS } from './reasons.ts'
import { type CohortPoint, NO_RESOLVED } from './trend.ts'

/** Cohorts that are followed: a year of them. */
const MOST_COHORTS = 12

/** A KB with what a snapshot's end knows of it. */
export type CohortKb = Pick<Kb, 'kbName' | 'firstSeenSnapshotId' | 'cohort'> & { missing: number; outcomes: PairOutcomes }

/** The newest cohorts at a snapshot's end, each the sum of its KBs. */
export function cohortPoints(kbs: Iterable<CohortKb>, snapshotId: string): CohortPoint[] {
  const points = new Map<string, CohortPoint>()
  for (const kb of kbs) {
    const cohort = kb.cohort ?? cohortOf(kb)
    const none = { cohort, day: dayOf(snapshotId), snapshotId, kbs: 0, missing: 0, opened: 0, became: NO_RESOLVED }
    points.set(cohort, withKb(points.get(cohort) ?? none, kb))
  }
  return [...points.values()].sort((a, b) => byText(b.cohort, a.cohort)).slice(0, MOST_COHORTS)
}

function withKb(point: CohortPoint, { missing, outcomes }: CohortKb): CohortPoint {
  const became = { ...point.became }
  for (const reason of RESOLVED_REASONS) became[reason] += outcomes.became[reason]
  return { ...point, kbs: point.kbs + 1, missing: point.missing + missing, opened: point.opened + outcomes.opened, became }
}
