import type { Cohort } from '../data/figures.ts'
import { day } from '../parts/figures.ts'
import { type OutcomePoint, outcomesOf } from './outcome-stack.tsx'

/** A Patch Tuesday, moment by moment, for its picture. */
export const cohortPoints = ({ points }: Cohort): OutcomePoint[] =>
  points.map((point) => ({ key: point.at, label: day(point.at), ...outcomesOf(point) }))
