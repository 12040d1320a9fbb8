import { sumFlows, type TrendDay, type TrendPoint } from './trend.ts'

/** The UTC day on which a snapshot starts, `20260518`. */
export const dayOf = (snapshotId: string): string => snapshotId.slice(0, 8)

/** A day as its last snapshot left it, with what came to pass, and was called, in all of them. */
export function dayPoint(earlier: readonly TrendPoint[], last: TrendPoint): TrendDay {
  const points = [...earlier, last]
  const sum = (name: 'calls' | 'throttled') => points.reduce((total, point) => total + point[name], 0)
  return { ...last, ...sumFlows(points), calls: sum('calls'), throttled: sum('throttled'), day: dayOf(last.snapshotId) }
}
