import type { DayCounts } from './day-counts.ts'

/**
 * How many exposures began in a snapshot and are, or were at their end, so many whole days old. Both are kept: days alone, of exposures
 * that ended at different times, do not tell which of them began at least 30 days before another one.
 */
export type ExposureCounts = ReadonlyMap<ExposureKey, number>

/** `20260302T020000Z/14` */
export type ExposureKey = `${string}/${number}`

export interface CountedExposures {
  exposedSince: string
  days: number
  count: number
}

export const NO_EXPOSURES: ExposureCounts = new Map()

/** Adds to counts that are being made. */
export function countExposures(into: Map<ExposureKey, number>, { exposedSince, days, count }: CountedExposures): void {
  const key = `${exposedSince}/${days}` as const
  into.set(key, (into.get(key) ?? 0) + count)
}

/** In the order of their beginnings, and then of their days. */
export function listExposures(counts: ExposureCounts): CountedExposures[] {
  return [...counts]
    .map(([key, count]) => {
      const [exposedSince = '', days] = key.split('/')
      return { exposedSince, days: Number(days), count }
    })
    .sort((a, b) => (a.exposedSince === b.exposedSince ? a.days - b.days : a.exposedSince < b.exposedSince ? -1 : 1))
}

export function exposuresOf(counted: Iterable<CountedExposures>): ExposureCounts {
  const counts = new Map<ExposureKey, number>()
  for (const one of counted) countExposures(counts, one)
  return counts
}

export function sumExposures(all: readonly ExposureCounts[]): ExposureCounts {
  return exposuresOf(all.flatMap(listExposures))
}

/** How many are of so many days, wherever they began. */
export function daysOf(counts: ExposureCounts): DayCounts {
  const days = new Map<number, number>()
  for (const one of listExposures(counts)) days.set(one.days, (days.get(one.days) ?? 0) + one.count)
  return days
}
