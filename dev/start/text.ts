/** 1234567 -> 1,234,567 */
export const grouped = (count: number): string => count.toLocaleString('en-US')

/** 0.999 -> 99 %: only what is complete is 100. */
export const percent = (share: number): string => `${Math.floor(share * 100)} %`

/** The day of an instant: 2026-03-02T02:00:00Z -> 2026-03-02 */
export const dayOf = (instant: string): string => instant.slice(0, 10)

/** 1 snapshot, 8 snapshots */
export const counted = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`

/** How long something takes, roughly: 40 -> 40 s, 600 -> 10 min, 7500 -> 2 h 5 min */
export function durationOf(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A bar of `width` characters, as full as `share` (0 to 1) says; split, so that the two parts can be painted. */
export function barOf(share: number, width: number): { done: string; rest: string } {
  const fraction = Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0
  // Full only when all is done.
  const filled = fraction < 1 ? Math.min(Math.round(fraction * width), width - 1) : width
  return { done: '━'.repeat(filled), rest: '─'.repeat(width - filled) }
}

/** A column of a table; what is `right` stands at its right end, as numbers do. */
export interface Column<Row> {
  title: string
  right?: boolean
  of: (row: Row) => string
}

export interface TextTable {
  header: string
  rows: string[]
}

/** Rows in columns that are as wide as they must be, and a line no longer than `mostCharacters`: the last column is cut. */
export function textTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], mostCharacters: number): TextTable {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ of }) => of(row)))]
  const widths = columns.map((_, index) => Math.max(...lines.map((cells) => cells[index]?.length ?? 0)))
  const pad = (cell: string, index: number) => (columns[index]?.right ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0))
  const [header = '', ...shown] = lines.map((cells) => {
    const line = cells.map(pad).join('  ').trimEnd()
    return line.length <= mostCharacters ? line : `${line.slice(0, mostCharacters - 1)}…`
  })
  return { header, rows: shown }
}
