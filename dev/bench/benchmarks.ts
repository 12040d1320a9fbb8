import type { Figure, Report } from './figure.ts'
import { measureUnchanged } from './unchanged.ts'

export interface Benchmark {
  name: string
  question: string
  measure(report: Report): Promise<Figure[]>
}

/** All lines, in the order in which they are run and shown. */
export const BENCHMARKS: readonly Benchmark[] = [
  { name: 'unchanged', question: 'what does a snapshot cost in which nothing changed?', measure: measureUnchanged },
]
