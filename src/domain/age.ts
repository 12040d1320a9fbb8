/** Ages of exposures as they are shown: whole days from the first to the last, both inclusive; the last group has no end. */
export const AGE_BUCKETS = [
  { from: 0, to: 7 },
  { from: 8, to: 30 },
  { from: 31, to: 60 },
  { from: 61, to: 90 },
  { from: 91, to: null },
] as const

/** One count for each of `AGE_BUCKETS`. */
export type AgeCounts = readonly number[]

export const NO_AGES: AgeCounts = AGE_BUCKETS.map(() => 0)

/** The place in `AGE_BUCKETS` of an age in days. */
export function ageBucketOf(days: number): number {
  const found = AGE_BUCKETS.findIndex(({ to }) => to !== null && days <= to)
  return found === -1 ? AGE_BUCKETS.length - 1 : found
}

/** How many are older than 30 days. */
export const over30 = (counts: AgeCounts): number => sumOf(counts.slice(ageBucketOf(31)))

export const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)
