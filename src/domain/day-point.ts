import { sumOf } from './age.ts'
import { type Flows, sumFlows, type TrendDay, type TrendPoint } from './trend.ts'

/** The UTC day on which a snapshot starts, `20260518`. */
export const dayOf = (snapshotId: string): string => snapshotId.slice(0, 8)

/** What points of snapshots count of calls, and those of groups do not. */
type Calls = Partial<Pick<TrendPoint, 'calls' | 'throttled'>>

/** Several points as one: as the last left it, with what came to pass, and was called, in all of them. */
export function foldPoints<Point extends Flows & Calls>(earlier: readonly Point[], last: Point): Point {
  const points = [...earlier, last]
  const sum = (name: keyof Calls) => sumOf(points.map((point) => point[name] ?? 0))
  const calls = last.calls !== undefined && { calls: sum('calls'), throttled: sum('throttled') }
  return { ...last, ...sumFlows(points), ...calls }
}

/** A day as its last snapshot left it. */
export const dayPoint = (earlier: readonly TrendPoint[], last: TrendPoint): TrendDay => ({
  ...foldPoints(earlier, last),
  day: dayOf(last.snapshotId),
})
