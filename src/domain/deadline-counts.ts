import { sumOf } from './age.ts'
import { type Deadline, isOverdue } from './deadline.ts'

/** What missing pairs and machines stand at by their deadlines, at a snapshot's end. */
export interface DeadlineCounts {
  /** The policy that they were judged by. */
  policy: string
  /** Missing pairs: whose last day is over, whose last day is not, that no rule applies to, and of which too little is known. */
  overdue: number
  due: number
  none: number
  withoutFacts: number
  /** Machines with an overdue pair; of the others those with a pair of which too little is known: neither is in time for certain. */
  machinesOverdue: number
  machinesWithoutFacts: number
}

export const noDeadlines = (policy: string): DeadlineCounts => ({
  ...{ policy, overdue: 0, due: 0, none: 0, withoutFacts: 0, machinesOverdue: 0, machinesWithoutFacts: 0 },
})

/** With the pairs of one more machine. */
export function withDeadlines(counts: DeadlineCounts, deadlines: readonly Deadline[], atSnapshotId: string): DeadlineCounts {
  const overdue = deadlines.filter((deadline) => isOverdue(deadline, atSnapshotId)).length
  const ofKind = (kind: Deadline['kind']) => deadlines.filter((deadline) => deadline.kind === kind).length
  const withoutFacts = ofKind('unknown')
  return {
    policy: counts.policy,
    overdue: counts.overdue + overdue,
    due: counts.due + ofKind('due') - overdue,
    none: counts.none + ofKind('none'),
    withoutFacts: counts.withoutFacts + withoutFacts,
    machinesOverdue: counts.machinesOverdue + (overdue > 0 ? 1 : 0),
    machinesWithoutFacts: counts.machinesWithoutFacts + (overdue === 0 && withoutFacts > 0 ? 1 : 0),
  }
}

/** Those of several groups as one; null where one of them was not counted, or not by the same policy. */
export function sumDeadlines(all: readonly (DeadlineCounts | null)[]): DeadlineCounts | null {
  const counted = all.filter((one) => one !== null)
  const [first] = counted
  if (!first || counted.length < all.length || counted.some(({ policy }) => policy !== first.policy)) return null
  const sum = (name: Exclude<keyof DeadlineCounts, 'policy'>) => sumOf(counted.map((one) => one[name]))
  return {
    policy: first.policy,
    overdue: sum('overdue'),
    due: sum('due'),
    none: sum('none'),
    withoutFacts: sum('withoutFacts'),
    machinesOverdue: sum('machinesOverdue'),
    machinesWithoutFacts: sum('machinesWithoutFacts'),
  }
}
