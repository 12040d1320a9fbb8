import type { z } from 'zod'
import { diffsSummaryRoute } from '../../src/http/routes/diffs-summary.ts'
import { diffsRoute } from '../../src/http/routes/diffs.ts'
import { kbsRoute } from '../../src/http/routes/kbs.ts'
import { machineHistoryRoute } from '../../src/http/routes/machine-history.ts'
import { overviewRoute } from '../../src/http/routes/overview.ts'
import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import { accountTable, unassessedWords } from './account.ts'
import type { Api } from './api.ts'
import { historyTable, kbColumns, machineColumns, pickMachine, type ReasonCounts, reasonTable } from './report-tables.ts'
import type { Terminal } from './terminal.ts'
import { dayOf, textTable, type TextTable } from './text.ts'

interface ReportInput {
  api: Api
  terminal: Terminal
  /** Ended ones, oldest first. */
  snapshots: readonly SnapshotShape[]
}

/** Shows what the history holds: a few calls with their answers, and what became of all that was missing. Throws where answers contradict each other. */
export async function report(input: ReportInput): Promise<void> {
  const { snapshots } = input
  const [first] = snapshots
  const last = snapshots.at(-1)
  if (!first || !last) return
  if (first !== last) await showLastDiff(input, last)
  if (first !== last) await showMachine(input, first)
  await showKbs(input, last)
  await showAccount(input, first, last)
  await showLongest(input, last)
}

/** Shows what is known now, and what changed last. */
export async function reportLatest(input: ReportInput): Promise<void> {
  const last = input.snapshots.at(-1)
  if (!last) return
  if (input.snapshots.length > 1) await showLastDiff(input, last)
  await showKbs(input, last)
  await showLongest(input, last)
}

async function showLastDiff({ api, terminal }: ReportInput, last: SnapshotShape): Promise<void> {
  const path = '/api/diffs/summary?groupBy=reason'
  const summary = await api.get(path, diffsSummaryRoute.responses[200])
  const groups = reasonsOf(summary)
  expectSame('changes of the last snapshot', countsOf([summary.totals]), countsOf([last.changes]))
  heading(terminal, 'The last diff')
  printCall(terminal, api.url + path)
  if (groups.length === 0) return terminal.print('    nothing changed')
  printTable(terminal, reasonTable(groups, { key: 'all', ...summary.totals }, tableWidth(terminal)))
}

/** The groups of a summary by reason, of which each has one. */
const reasonsOf = ({ groups }: z.infer<(typeof diffsSummaryRoute.responses)[200]>): ReasonCounts[] =>
  groups.map((group) => ({ ...group, key: group.key ?? '' }))

async function showMachine({ api, terminal }: ReportInput, first: SnapshotShape): Promise<void> {
  const { changes } = await api.get(`/api/diffs?from=${first.snapshotId}&to=latest&mode=events&limit=10000`, diffsRoute.responses[200])
  const machineId = pickMachine(changes)
  if (machineId === undefined) return
  const path = `/api/machines/${machineId}/history`
  const { computerDnsName, intervals } = await api.get(path, machineHistoryRoute.responses[200])
  heading(terminal, `One machine over the weeks: ${computerDnsName ?? machineId}`)
  printCall(terminal, api.url + path)
  printTable(terminal, historyTable(intervals, tableWidth(terminal)))
}

async function showKbs({ api, terminal }: ReportInput, last: SnapshotShape): Promise<void> {
  const { kbs } = await api.get('/api/kbs?limit=10000', kbsRoute.responses[200])
  const most = kbs.filter((kb) => kb.machinesMissing > 0).sort((a, b) => b.machinesMissing - a.machinesMissing)
  const pairs = most.reduce((sum, kb) => sum + kb.machinesMissing, 0)
  expectSame('pairs of machine and missing KB', pairs, last.missing.pairs)
  if (most.length === 0) return
  heading(terminal, 'The KBs that most machines are missing')
  printCall(terminal, `${api.url}/api/kbs`)
  printTable(terminal, textTable(kbColumns, most.slice(0, 3), tableWidth(terminal)))
}

/** Every change since the first snapshot: a net diff from end to end would leave out what came and went between. */
async function showAccount({ api, terminal, snapshots }: ReportInput, first: SnapshotShape, last: SnapshotShape): Promise<void> {
  const path = `/api/diffs/summary?from=${dayOf(first.startedAt)}&mode=events&groupBy=reason`
  const summary = await api.get(path, diffsSummaryRoute.responses[200])
  // Nothing was known before the first snapshot: all of it is baseline, and there is no diff to ask for.
  const baseline = { key: 'baseline', appeared: first.changes.appeared, resolved: 0, stillExposed: 0 }
  const reasons = [baseline, ...reasonsOf(summary)]
  const { totals } = await api.get('/api/overview', overviewRoute.responses[200])
  const all = countsOf(reasons)
  expectSame('changes', all, countsOf(snapshots.map(({ changes }) => changes)))
  expectSame('open pairs', all.appeared - all.resolved, totals.pairs)
  heading(terminal, `What was missing from ${dayOf(first.startedAt)} to ${dayOf(last.startedAt)}, and what became of it`)
  printCall(terminal, api.url + path)
  printTable(terminal, accountTable(reasons, totals, tableWidth(terminal)))
}

async function showLongest({ api, terminal }: ReportInput, last: SnapshotShape): Promise<void> {
  const { oldestMachines } = await api.get('/api/overview', overviewRoute.responses[200])
  if (oldestMachines.length > 0) {
    heading(terminal, 'Exposed longest')
    printCall(terminal, `${api.url}/api/machines?sort=oldest`)
    printTable(terminal, textTable(machineColumns, oldestMachines.slice(0, 5), tableWidth(terminal)))
  }
  const unassessed = unassessedWords(last)
  if (unassessed !== '') terminal.print('', `${terminal.paint('yellow', unassessed)}`)
}

const tableWidth = (terminal: Terminal): number => terminal.columns - 5

const heading = (terminal: Terminal, text: string): void => terminal.print('', terminal.paint('bold', text))

const printCall = (terminal: Terminal, address: string): void =>
  terminal.print(terminal.paint('cyan', `  curl ${/[?&]/.test(address) ? `"${address}"` : address}`))

function printTable(terminal: Terminal, { header, rows }: TextTable): void {
  terminal.print(`    ${terminal.paint('dim', header)}`, ...rows.map((row) => `    ${row}`))
}

function countsOf(changes: readonly { appeared: number; resolved: number }[]): { appeared: number; resolved: number } {
  const sum = (kind: 'appeared' | 'resolved') => changes.reduce((total, counts) => total + counts[kind], 0)
  return { appeared: sum('appeared'), resolved: sum('resolved') }
}

/** Two answers that must say the same. */
function expectSame(what: string, one: unknown, other: unknown): void {
  if (JSON.stringify(one) === JSON.stringify(other)) return
  throw new Error(`Answers of the API contradict each other: ${what} are ${JSON.stringify(one)} here and ${JSON.stringify(other)} there.`)
}
