import { READ_POLICY } from '../../src/history/read-policy.ts'
import { diffsSummaryRoute } from '../../src/http/routes/diffs-summary.ts'
import { machinesRoute } from '../../src/http/routes/machines.ts'
import { overviewRoute } from '../../src/http/routes/overview.ts'
import { timeToPatchRoute } from '../../src/http/routes/time-to-patch.ts'
import { trendsRoute } from '../../src/http/routes/trends.ts'
import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import { accountTable, asLongInWords, speedInWords, unassessedInWords } from './account.ts'
import { countsOf, expectSame, heading, printCall, printTable, reasonsOf, type ReportInput, tableWidth } from './report-parts.ts'
import { machineColumns, type ReasonCounts } from './report-tables.ts'
import { dayOf, textTable } from './text.ts'

/** Every change since the first snapshot: a net diff from end to end would leave out what came and went between. */
export async function showAccount(input: ReportInput, first: SnapshotShape, last: SnapshotShape): Promise<void> {
  const { api, terminal, snapshots } = input
  const paths = rangesOf(snapshots, first).map((range) => `/api/diffs/summary?${range}&mode=events&groupBy=reason`)
  const summaries = []
  for (const path of paths) summaries.push(...reasonsOf(await api.get(path, diffsSummaryRoute.responses[200])))
  // Nothing was known before the first snapshot: all of it is baseline, and there is no diff to ask for.
  const baseline = { key: 'baseline', appeared: first.changes.appeared, resolved: 0, stillExposed: 0 }
  const reasons = addedUp([baseline, ...summaries])
  const { totals } = await api.get('/api/overview', overviewRoute.responses[200])
  const all = countsOf(reasons)
  expectSame('changes', all, countsOf(snapshots.map(({ changes }) => changes)))
  expectSame('open pairs', all.appeared - all.resolved, totals.pairs)
  await expectTrends(input, first, reasons)
  heading(terminal, `What was missing from ${dayOf(first.startedAt)} to ${dayOf(last.startedAt)}, and what became of it`)
  for (const path of paths) printCall(terminal, api.url + path)
  printTable(terminal, accountTable(reasons, totals, tableWidth(terminal)))
}

/** All changes that one answer is sure to carry, with room for what is read and not counted. */
const CARRIED = (READ_POLICY.changesPerSecond * READ_POLICY.secondsOfAnswer) / 2

/** What to ask for all changes of a history by: in one range, but of the largest fleets from snapshot to snapshot. */
function rangesOf(snapshots: readonly SnapshotShape[], first: SnapshotShape): string[] {
  const changes = snapshots.reduce((sum, snapshot) => sum + snapshot.changes.appeared + snapshot.changes.resolved, 0)
  if (changes <= CARRIED) return [`from=${dayOf(first.startedAt)}`]
  return snapshots.slice(1).map(({ snapshotId }, index) => `from=${snapshots[index]?.snapshotId}&to=${snapshotId}`)
}

/** One of each reason. */
function addedUp(parts: readonly ReasonCounts[]): ReasonCounts[] {
  const sums = new Map<string, ReasonCounts>()
  for (const { key, appeared, resolved, stillExposed } of parts) {
    const sum = sums.get(key) ?? { key, appeared: 0, resolved: 0, stillExposed: 0 }
    const counts = { appeared: sum.appeared + appeared, resolved: sum.resolved + resolved, stillExposed: sum.stillExposed + stillExposed }
    sums.set(key, { key, ...counts })
  }
  return [...sums.values()]
}

/** The trends, which were counted when the snapshots ended, must say the same of every reason as the changes. */
async function expectTrends({ api }: ReportInput, first: SnapshotShape, reasons: readonly ReasonCounts[]): Promise<void> {
  const { points } = await api.get(`/api/trends?from=${dayOf(first.startedAt)}`, trendsRoute.responses[200])
  for (const { key, appeared, resolved } of reasons) {
    const ofTrends = (kind: 'appeared' | 'resolved') =>
      points.reduce((sum, point) => sum + (new Map(Object.entries(point[kind])).get(key) ?? 0), 0)
    expectSame(`changes by ${key}`, { appeared: ofTrends('appeared'), resolved: ofTrends('resolved') }, { appeared, resolved })
  }
}

/** How much was patched in time, and how long that took. */
export async function showSpeed({ api, terminal }: ReportInput): Promise<void> {
  const path = '/api/time-to-patch?days=30'
  const words = speedInWords(await api.get(path, timeToPatchRoute.responses[200]))
  if (words.length === 0) return
  heading(terminal, 'How fast it was patched')
  printCall(terminal, api.url + path)
  terminal.print(...words.map((line) => `    ${line}`))
}

/** As many of those who are exposed longest as are taken in at a glance. */
const MOST_SHOWN = 5

export async function showLongest({ api, terminal }: ReportInput, last: SnapshotShape): Promise<void> {
  const path = '/api/machines?sort=oldest'
  const { machines, complete = false } = await api.get(path, machinesRoute.responses[200])
  if (complete) expectSame('machines that miss something', machines.length, last.missing.machines)
  if (machines.length === 0) return
  heading(terminal, 'Exposed longest')
  printCall(terminal, api.url + path)
  printTable(terminal, textTable(machineColumns, machines.slice(0, MOST_SHOWN), tableWidth(terminal)))
  const asLong = asLongInWords(machines, MOST_SHOWN, complete)
  if (asLong !== '') terminal.print(terminal.paint('dim', `    ${asLong}`))
}

/** Whose empty answers say nothing. */
export async function showUnassessed({ api, terminal }: ReportInput, last: SnapshotShape): Promise<void> {
  const words = unassessedInWords(last)
  if (words === '') return
  terminal.print('', terminal.paint('yellow', words))
  if (!last.machines.silent) return
  const path = '/api/machines?state=silent'
  const silent = (await api.pages(path, machinesRoute.responses[200])).flatMap(({ machines }) => machines)
  expectSame(
    'silent machines',
    silent.filter(({ lastObservedSnapshotId }) => lastObservedSnapshotId === last.snapshotId).length,
    last.machines.silent,
  )
  printCall(terminal, api.url + path)
}
