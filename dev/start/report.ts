import { diffsSummaryRoute } from '../../src/http/routes/diffs-summary.ts'
import { diffsRoute } from '../../src/http/routes/diffs.ts'
import { kbMachinesRoute } from '../../src/http/routes/kb-machines.ts'
import { kbsRoute } from '../../src/http/routes/kbs.ts'
import { machineHistoryRoute } from '../../src/http/routes/machine-history.ts'
import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import { AnswerError, type Api } from './api.ts'
import { counted, dayOf } from './numbers.ts'
import { pickMachine } from './pick-machine.ts'
import { historyTable, kbTable, machineTable, type ReasonCounts, reasonTable } from './report-tables.ts'
import type { Terminal } from './terminal.ts'
import type { TextTable } from './text-table.ts'

export interface ReportInput {
  /** The API over a socket, as a reader would call it. */
  api: Api
  url: string
  terminal: Terminal
  /** Ended ones, oldest first. */
  snapshots: readonly SnapshotShape[]
}

/**
 * Shows what the history holds: all changes by reason, then a few calls with their answers. Throws `AnswerError` where answers contradict
 * each other.
 */
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
  const groups = new Map<string, ReasonCounts>([['baseline', { key: 'baseline', appeared: first.changes.appeared, resolved: 0 }]])
  for (const [index, { snapshotId }] of snapshots.entries()) {
    const before = snapshots[index - 1]
    if (!before) continue
    const summary = await api.get(
      `/api/diffs/summary?from=${before.snapshotId}&to=${snapshotId}&groupBy=reason`,
      diffsSummaryRoute.responses[200],
    )
    for (const { key, appeared, resolved } of summary.groups) {
      const sum = groups.get(key) ?? { key, appeared: 0, resolved: 0 }
      groups.set(key, { key, appeared: sum.appeared + appeared, resolved: sum.resolved + resolved })
    }
  }
  const total = totalOf([...groups.values()])
  expectSame('changes', [total.appeared, total.resolved], [sumOf(snapshots, 'appeared'), sumOf(snapshots, 'resolved')])
  expectSame('open pairs', total.appeared - total.resolved, last.missing.pairs)
  heading(terminal, `What appeared from ${dayOf(first.startedAt)} to ${dayOf(last.startedAt)}, what was resolved, and why`)
  printTable(terminal, reasonTable([...groups.values()], total, tableWidth(terminal)))
}

async function showLastDiff({ api, url, terminal }: ReportInput, last: SnapshotShape): Promise<void> {
  const path = '/api/diffs/summary?groupBy=reason'
  const { groups, totals } = await api.get(path, diffsSummaryRoute.responses[200])
  expectSame('changes of the last snapshot', [totals.appeared, totals.resolved], [last.changes.appeared, last.changes.resolved])
  heading(terminal, 'The last diff')
  printCall(terminal, url + path)
  if (groups.length === 0) return terminal.print('    nothing changed')
  printTable(terminal, reasonTable(groups, totalOf(groups), tableWidth(terminal)))
}

async function showMachine({ api, url, terminal }: ReportInput, first: SnapshotShape): Promise<void> {
  const { changes } = await api.get(`/api/diffs?from=${first.snapshotId}&to=latest&mode=events&limit=10000`, diffsRoute.responses[200])
  const machineId = pickMachine(changes)
  if (machineId === undefined) return
  const path = `/api/machines/${machineId}/history`
  const { computerDnsName, intervals } = await api.get(path, machineHistoryRoute.responses[200])
  heading(terminal, `One machine over the weeks: ${computerDnsName ?? machineId}`)
  printCall(terminal, url + path)
  printTable(terminal, historyTable(intervals, tableWidth(terminal)))
}

async function showKb({ api, url, terminal }: ReportInput, last: SnapshotShape): Promise<void> {
  const { kbs } = await api.get('/api/kbs?limit=10000', kbsRoute.responses[200])
  const most = kbs.filter((kb) => kb.machinesMissing > 0).sort((a, b) => b.machinesMissing - a.machinesMissing)
  expectSame(
    'pairs of machine and missing KB',
    most.reduce((sum, kb) => sum + kb.machinesMissing, 0),
    last.missing.pairs,
  )
  const [kb] = most
  if (!kb) return
  heading(terminal, 'The KBs that most machines are missing, and where to find the first of them')
  printCall(terminal, `${url}/api/kbs`)
  printTable(terminal, kbTable(most.slice(0, 3), tableWidth(terminal)))
  const path = `/api/kbs/${encodeURIComponent(kb.kbId)}/machines`
  const { machines, nextLink } = await api.get(`${path}?limit=1000`, kbMachinesRoute.responses[200])
  if (nextLink === undefined) expectSame(`machines that miss ${kb.kbId}`, machines.length, kb.machinesMissing)
  const longest = machines.toSorted((a, b) => b.daysMissing - a.daysMissing).slice(0, 3)
  printCall(terminal, url + path)
  printTable(terminal, machineTable(longest, tableWidth(terminal)))
  if (kb.machinesMissing > longest.length)
    terminal.print(terminal.paint('dim', `    and ${counted(kb.machinesMissing - longest.length, 'more machine')}`))
}

const tableWidth = (terminal: Terminal): number => terminal.columns - 5

const heading = (terminal: Terminal, text: string): void => terminal.print('', terminal.paint('bold', text))

const printCall = (terminal: Terminal, address: string): void =>
  terminal.print(terminal.paint('cyan', `  curl ${/[?&]/.test(address) ? `'${address}'` : address}`))

function printTable(terminal: Terminal, { header, rows }: TextTable): void {
  terminal.print(`    ${terminal.paint('dim', header)}`, ...rows.map((row) => `    ${row}`))
}

const totalOf = (groups: readonly ReasonCounts[]): ReasonCounts =>
  groups.reduce((sum, { appeared, resolved }) => ({ ...sum, appeared: sum.appeared + appeared, resolved: sum.resolved + resolved }), {
    key: 'all',
    appeared: 0,
    resolved: 0,
  })

const sumOf = (snapshots: readonly SnapshotShape[], change: 'appeared' | 'resolved'): number =>
  snapshots.reduce((sum, { changes }) => sum + changes[change], 0)

/** Two answers that must say the same. */
function expectSame(what: string, one: unknown, other: unknown): void {
  if (JSON.stringify(one) === JSON.stringify(other)) return
  throw new AnswerError(
    `Answers of the API contradict each other: ${what} are ${JSON.stringify(one)} here and ${JSON.stringify(other)} there.`,
  )
}
