import { type CatalogueFacts, type Deadline, isOverdue, SEVERITIES, type Severity } from '../domain/index.ts'
import { wordParameter, wordsParameter } from './parameter.ts'

const SEVERITY_WORDS = [...SEVERITIES, 'unknown'] as const
const EXPLOITED_WORDS = ['true', 'false', 'unknown'] as const

export const severityParameter = wordsParameter(
  SEVERITY_WORDS,
  'Only KBs of this severity; unknown: where none is given, or nothing is known.',
)
export const exploitedParameter = wordParameter(
  EXPLOITED_WORDS,
  'Only KBs that are known to be exploited, or not; unknown: of which nothing is known.',
)
export const overdueParameter = wordParameter(
  EXPLOITED_WORDS,
  'true: whose last day is over; false: that have one, and it is not; unknown: without facts. What no rule applies to is none of them.',
)

/** What is asked of the facts of KBs; what is left out takes any. */
export interface FactFilter {
  severity?: readonly (Severity | 'unknown')[] | undefined
  exploited?: (typeof EXPLOITED_WORDS)[number] | undefined
}

export function hasFacts(facts: CatalogueFacts | undefined, { severity, exploited }: FactFilter): boolean {
  return (
    (severity === undefined || severity.length === 0 || severity.includes(facts?.severity ?? 'unknown')) &&
    (exploited === undefined || exploited === (facts ? String(facts.exploited) : 'unknown'))
  )
}

export type OverdueWord = (typeof EXPLOITED_WORDS)[number]

/** Whether a deadline is what is asked for, as of a snapshot. */
export function isAsked(deadline: Deadline, overdue: OverdueWord | undefined, atSnapshotId: string): boolean {
  if (overdue === undefined) return true
  if (deadline.kind !== 'due') return overdue === 'unknown' && deadline.kind === 'unknown'
  return String(isOverdue(deadline, atSnapshotId)) === overdue
}
