import type { Figure, Report } from './figure.ts'
import { measureBudget } from './budget.ts'
import { measureBundle } from './bundle.ts'
import { measureDiff } from './diff.ts'
import { measureFirstSeen } from './first-seen.ts'
import { measureMemory } from './memory.ts'
import { measureUnchanged } from './unchanged.ts'

export interface Benchmark {
  name: string
  question: string
  measure(report: Report): Promise<Figure[]>
}

/** All lines, in the order in which they are run and shown. */
export const BENCHMARKS: readonly Benchmark[] = [
  { name: 'unchanged', question: 'what does a snapshot cost in which nothing changed?', measure: measureUnchanged },
  { name: 'memory', question: 'how much memory does a slice take?', measure: measureMemory },
  { name: 'bundle', question: 'what does a cold start load?', measure: measureBundle },
  { name: 'diff', question: 'what does it cost to read what changed?', measure: measureDiff },
  { name: 'budget', question: 'how well is the quota used?', measure: measureBudget },
  { name: 'firstSeen', question: 'what does a first snapshot cost?', measure: measureFirstSeen },
]
