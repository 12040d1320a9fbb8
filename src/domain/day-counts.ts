/** How many of something took, or are, so many whole days. */
export type DayCounts = ReadonlyMap<number, number>

/** The last day of each cell in which days are shown; what is longer falls into one more. */
export const DAY_CELLS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 21, 30, 45, 60, 90, 180, 365] as const

/** The place of a number of days among `DAY_CELLS` and the one behind them. */
export function dayCellOf(days: number): number {
  const found = DAY_CELLS.findIndex((last) => days <= last)
  return found === -1 ? DAY_CELLS.length : found
}

/** As they are shown: one count for each of `DAY_CELLS`, and one for what is longer. They add up over any range. */
export function cellsOf(counts: DayCounts): number[] {
  const cells = Array.from({ length: DAY_CELLS.length + 1 }, () => 0)
  for (const [days, count] of counts) cells[dayCellOf(days)] = (cells[dayCellOf(days)] ?? 0) + count
  return cells
}

/** The days within which at least this share (0 to 1) of all was over: of 4, those of the second for 0.5. null where there is none. */
export function percentileOf(counts: DayCounts, share: number): number | null {
  const rank = Math.max(1, Math.ceil(share * totalOf(counts)))
  let reached = 0
  for (const [days, count] of [...counts].sort(([a], [b]) => a - b)) {
    reached += count
    if (reached >= rank) return days
  }
  return null
}

/** The sum of the counts of anything. */
export function totalOf(counts: ReadonlyMap<unknown, number>): number {
  let total = 0
  for (const count of counts.values()) total += count
  return total
}
