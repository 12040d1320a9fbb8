import type { Figure, Report } from './figure.ts'
import { measureBudget } from './budget.ts'
import { measureBundle } from './bundle.ts'
import { measureCatalogue } from './catalogue.ts'
import { measureCsv } from './csv.ts'
import { measureDiff } from './diff.ts'
import { measureFeed } from './feed.ts'
import { measureFirstSeen } from './first-seen.ts'
import { measureGrowth } from './growth.ts'
import { measureHistory } from './history.ts'
import { measureMemory } from './memory.ts'
import { measurePage } from './page.ts'
import { measureTenants } from './tenants.ts'
import { measureTrends } from './trends.ts'
import { measureUnchanged } from './unchanged.ts'

export interface Benchmark {
  name: string
  question: string
  measure(report: Report): Promise<Figure[]>
}

/** All lines, in the order in which they are run and shown. */
export const BENCHMARKS: readonly Benchmark[] = [
  { name: 'unchanged', question: 'what does a snapshot cost in which nothing changed?', measure: measureUnchanged },
  { name: 'firstSeen', question: 'what does a first snapshot of a large fleet cost, and the next?', measure: measureFirstSeen },
  { name: 'growth', question: 'what becomes of it as the fleet grows?', measure: measureGrowth },
  { name: 'budget', question: 'how well is the quota used?', measure: measureBudget },
  { name: 'diff', question: 'what does it cost to read what changed?', measure: measureDiff },
  { name: 'csv', question: 'how fast does a whole diff go out, and in how much memory?', measure: measureCsv },
  { name: 'history', question: 'what does a month of a large fleet cost to compare?', measure: measureHistory },
  { name: 'trends', question: 'how soon is the first page of a large fleet there?', measure: measureTrends },
  { name: 'page', question: 'how soon does the page of a large fleet stand, and how much is there of it?', measure: measurePage },
  { name: 'tenants', question: 'what do many tenants in one app cost, and how do they spread?', measure: measureTenants },
  { name: 'feed', question: 'how fast does Power BI read?', measure: measureFeed },
  { name: 'catalogue', question: 'what does it cost to read what is public about KBs?', measure: measureCatalogue },
  { name: 'memory', question: 'how much memory does a slice take?', measure: measureMemory },
  { name: 'bundle', question: 'what does a cold start load?', measure: measureBundle },
]
