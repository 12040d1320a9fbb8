import { diffsSummaryRoute } from '../../src/http/routes/diffs-summary.ts'
import { diffsRoute } from '../../src/http/routes/diffs.ts'
import { kbsRoute } from '../../src/http/routes/kbs.ts'
import { machineHistoryRoute } from '../../src/http/routes/machine-history.ts'
import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import { countsOf, expectSame, heading, printCall, printTable, reasonsOf, type ReportInput, tableWidth } from './report-parts.ts'
import { historyTable, kbColumns, pickMachine, reasonTable } from './report-tables.ts'
import { showAccount, showLongest, showSpeed, showUnassessed } from './closing.ts'
import { textTable } from './text.ts'

/** Shows what the history holds: a few calls with their answers, and what became of all that was missing. Throws where answers contradict each other. */
export async function report(input: ReportInput): Promise<void> {
  const { snapshots } = input
  const [first] = snapshots
  const last = snapshots.at(-1)
  if (!first || !last) return
  if (first !== last) await showMachine(input, first)
  await showKbs(input, last)
  await showAccount(input, first, last)
  await showSpeed(input)
  await showLongest(input, last)
  await showUnassessed(input, last)
}

/** Shows what is known now, and what changed last. */
export async function reportLatest(input: ReportInput): Promise<void> {
  const last = input.snapshots.at(-1)
  if (!last) return
  if (input.snapshots.length > 1) await showLastDiff(input, last)
  await showKbs(input, last)
  await showLongest(input, last)
  await showUnassessed(input, last)
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
