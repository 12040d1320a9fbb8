import type { z } from 'zod'
import { diffsSummaryRoute } from '../../src/http/routes/diffs-summary.ts'
import { diffsRoute } from '../../src/http/routes/diffs.ts'
import { kbMachinesRoute } from '../../src/http/routes/kb-machines.ts'
import { kbsRoute } from '../../src/http/routes/kbs.ts'
import { machineHistoryRoute } from '../../src/http/routes/machine-history.ts'
import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import type { Api } from './api.ts'
import { historyTable, kbColumns, machineColumns, pickMachine, type ReasonCounts, reasonTable } from './report-tables.ts'
import type { Terminal } from './terminal.ts'
import { counted, dayOf, textTable, type TextTable } from './text.ts'

interface ReportInput {
  api: Api
  terminal: Terminal
  /** Ended ones, oldest first. */
  snapshots: readonly SnapshotShape[]
}

/** Shows what the history holds: all changes by reason, then a few calls with their answers. Throws where answers contradict each other. */
export async function report(input: ReportInput): Promise<void> {
  const { snapshots } = input
  const [first] = snapshots
  const last = snapshots.at(-1)
  if (!first || !last) return
  await showAllReasons(input, first, last)
  if (first !== last) await showLastDiff(input, last)
  if (first !== last) await showMachine(input, first)
  await showKb(input, last)
}

/** Shows what is known now, and what changed last. */
export async function reportLatest(input: ReportInput): Promise<void> {
  const last = input.snapshots.at(-1)
  if (!last) return
  if (input.snapshots.length > 1) await showLastDiff(input, last)
  await showKb(input, last)
}

/** The changes of every snapshot, added up: a net diff from end to end would leave out what came and went between. */
async function showAllReasons({ api, terminal, snapshots }: ReportInput, first: SnapshotShape, last: SnapshotShape): Promise<void> {
  // Nothing was known before the first snapshot: all of it is baseline, and there is no diff to ask for.
  const groups = new Map([['baseline', { key: 'baseline', appeared: first.changes.appeared, resolved: 0 }]])
  for (const [index, { snapshotId }] of snapshots.slice(1).entries()) {
    const path = `/api/diffs/summary?from=${snapshots[index]?.snapshotId}&to=${snapshotId}&groupBy=reason`
    for (const group of byReason(await api.get(path, diffsSummaryRoute.responses[200])))
      groups.set(group.key, sumOf(group.key, [group, groups.get(group.key) ?? { appeared: 0, resolved: 0 }]))
  }
  const changes = sumOf(
    'all',
    snapshots.map((snapshot) => snapshot.changes),
  )
  const total = sumOf('all', [...groups.values()])
  expectSame('changes', total, changes)
  expectSame('open pairs', total.appeared - total.resolved, last.missing.pairs)
  heading(terminal, `What appeared from ${dayOf(first.startedAt)} to ${dayOf(last.startedAt)}, what was resolved, and why`)
  printTable(terminal, reasonTable([...groups.values()], total, tableWidth(terminal)))
}

/** The groups of a summary by reason, of which each has one. */
const byReason = ({ groups }: z.infer<(typeof diffsSummaryRoute.responses)[200]>) =>
  groups.map((group) => ({ ...group, key: group.key ?? '' }))

async function showLastDiff({ api, terminal }: ReportInput, last: SnapshotShape): Promise<void> {
  const path = '/api/diffs/summary?groupBy=reason'
  const summary = await api.get(path, diffsSummaryRoute.responses[200])
  const groups = byReason(summary)
  expectSame('changes of the last snapshot', sumOf('all', [summary.totals]), sumOf('all', [last.changes]))
  heading(terminal, 'The last diff')
  printCall(terminal, api.url + path)
  if (groups.length === 0) return terminal.print('    nothing changed')
  printTable(terminal, reasonTable(groups, sumOf('all', groups), tableWidth(terminal)))
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

async function showKb({ api, terminal }: ReportInput, last: SnapshotShape): Promise<void> {
  const { kbs } = await api.get('/api/kbs?limit=10000', kbsRoute.responses[200])
  const most = kbs.filter((kb) => kb.machinesMissing > 0).sort((a, b) => b.machinesMissing - a.machinesMissing)
  const pairs = most.reduce((sum, kb) => sum + kb.machinesMissing, 0)
  expectSame('pairs of machine and missing KB', pairs, last.missing.pairs)
  const [kb] = most
  if (!kb) return
  heading(terminal, 'The KBs that most machines are missing, and where to find the first of them')
  printCall(terminal, `${api.url}/api/kbs`)
  printTable(terminal, textTable(kbColumns, most.slice(0, 3), tableWidth(terminal)))
  const path = `/api/kbs/${encodeURIComponent(kb.kbId)}/machines`
  const { machines, nextLink } = await api.get(`${path}?limit=1000`, kbMachinesRoute.responses[200])
  if (nextLink === undefined) expectSame(`machines that miss ${kb.kbId}`, machines.length, kb.machinesMissing)
  const longest = machines.toSorted((a, b) => b.daysMissing - a.daysMissing).slice(0, 3)
  printCall(terminal, api.url + path)
  printTable(terminal, textTable(machineColumns, longest, tableWidth(terminal)))
  if (kb.machinesMissing > longest.length)
    terminal.print(terminal.paint('dim', `    and ${counted(kb.machinesMissing - longest.length, 'more machine')}`))
}

const tableWidth = (terminal: Terminal): number => terminal.columns - 5

const heading = (terminal: Terminal, text: string): void => terminal.print('', terminal.paint('bold', text))

const printCall = (terminal: Terminal, address: string): void =>
  terminal.print(terminal.paint('cyan', `  curl ${/[?&]/.test(address) ? `"${address}"` : address}`))

function printTable(terminal: Terminal, { header, rows }: TextTable): void {
  terminal.print(`    ${terminal.paint('dim', header)}`, ...rows.map((row) => `    ${row}`))
}

function sumOf(key: string, changes: readonly Omit<ReasonCounts, 'key'>[]): ReasonCounts {
  const sum = (kind: 'appeared' | 'resolved') => changes.reduce((total, counts) => total + counts[kind], 0)
  return { key, appeared: sum('appeared'), resolved: sum('resolved') }
}

/** Two answers that must say the same. */
function expectSame(what: string, one: unknown, other: unknown): void {
  if (JSON.stringify(one) === JSON.stringify(other)) return
  throw new Error(`Answers of the API contradict each other: ${what} are ${JSON.stringify(one)} here and ${JSON.stringify(other)} there.`)
}
