import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import type { Terminal } from './terminal.ts'
import { barOf, counted, dayOf, grouped, percent } from './text.ts'

/** What a row shows of a snapshot. */
export type RowSnapshot = Pick<SnapshotShape, 'status' | 'startedAt' | 'coverage' | 'assessed' | 'changes' | 'api'>

/** What follows the bar. Widths are those of the titles, or of 100,000 machines. */
const columns = [
  { title: 'coverage', of: ({ coverage }: RowSnapshot) => percent(coverage) },
  // Counted at the end, like what follows.
  { title: 'assessed', of: ({ assessed }: RowSnapshot) => (assessed === null ? '' : percent(assessed)) },
  { title: 'appeared', of: (snapshot: RowSnapshot) => (isEnded(snapshot) ? grouped(snapshot.changes.appeared) : '') },
  { title: 'resolved', of: (snapshot: RowSnapshot) => (isEnded(snapshot) ? grouped(snapshot.changes.resolved) : '') },
  { title: '  calls', of: ({ api }: RowSnapshot) => grouped(api.calls) },
] as const

const margin = '  '
const dateWidth = '2026-03-02'.length
const barWidth = { least: 6, most: 30 }

export const isEnded = ({ status }: Pick<SnapshotShape, 'status'>): boolean => status !== 'pending' && status !== 'running'

/** A snapshot that is about to begin. */
export const begins = (at: number): RowSnapshot => ({
  status: 'pending',
  startedAt: new Date(at).toISOString(),
  coverage: 0,
  assessed: null,
  changes: { appeared: 0, resolved: 0 },
  api: { calls: 0, throttled: 0, retries: 0 },
})

/** The titles over rows of snapshots. */
export function snapshotHeader(terminal: Terminal): string {
  const titles = ['snapshot'.padEnd(dateWidth), ''.padEnd(barWidthOf(terminal)), ...columns.map(({ title }) => title)]
  return terminal.paint('dim', margin + titles.join('  ').trimEnd())
}

/** How a bar is painted by what became of the snapshot. */
const barStyles = { pending: 'green', running: 'green', completed: 'green', incomplete: 'yellow', failed: 'red' } as const

/** A snapshot in one line, under way or ended. */
export function snapshotRow(snapshot: RowSnapshot, terminal: Terminal): string {
  const bar = barOf(snapshot.coverage, barWidthOf(terminal))
  const cells = columns.map(({ title, of }) => of(snapshot).padStart(title.length))
  const drawnBar = terminal.paint(barStyles[snapshot.status], bar.done) + terminal.paint('dim', bar.rest)
  return `${margin}${dayOf(snapshot.startedAt)}  ${drawnBar}  ${cells.join('  ')}`.trimEnd()
}

/** A word below the row of a snapshot that did not complete, beginning under its bar. */
export function snapshotNote({ status }: Pick<RowSnapshot, 'status'>, why: string, terminal: Terminal): string {
  return ' '.repeat(margin.length + dateWidth + 2) + terminal.paint(barStyles[status], status) + `: ${why}`
}

function barWidthOf(terminal: Terminal): number {
  const others = columns.reduce((sum, { title }) => sum + title.length + 2, margin.length + dateWidth + 2)
  return Math.max(barWidth.least, Math.min(barWidth.most, terminal.columns - 1 - others))
}

/** Machines that a snapshot could not observe, and what was seen of them in place of an answer. */
export function unknownInWords(unknown: readonly { status: number | null; code: string }[]): string {
  const counts = new Map<string, number>()
  for (const { status, code } of unknown) {
    const cause = String(status ?? code)
    counts.set(cause, (counts.get(cause) ?? 0) + 1)
  }
  const causes = [...counts].sort().map(([cause, count]) => `${grouped(count)} × ${cause}`)
  return `${counted(unknown.length, 'machine')} unknown (${causes.join(', ')}): their KBs stay`
}
