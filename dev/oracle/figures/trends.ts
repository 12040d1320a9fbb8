import type { Ledger } from '../ledger.ts'
import { foldPoints, type GroupBy, GROUPS_BY, nothingAt, type TruePoint, type TruePoints } from '../points.ts'
import type { Question } from '../question.ts'
import { DAY_MS, instantOf, sum } from '../words.ts'
import { idOf, type Look } from '../look.ts'

/** What machines stand at, wherever it is told. */
export function standingFigures({ asked, observed, silent, unknown, pairs, pairsAtLeast, machines }: TruePoint) {
  return {
    coverage: asked === 0 ? 1 : observed / asked,
    assessed: asked === 0 ? 1 : (observed - silent) / asked,
    ...{ asked, observed, silent, unknown, pairs, pairsAtLeast, machines },
    atLeast: sum(pairsAtLeast),
  }
}

/** A point of a trend. */
export function pointFigures(point: TruePoint) {
  const { look, appeared, resolved } = point
  return { snapshotId: look.snapshotId, at: instantOf(look.at), ...standingFigures(point), appeared, resolved }
}

export const statusOf = ({ unknown }: TruePoint): string => (unknown > 0 ? 'incomplete' : 'completed')

type KeyOf = (look: Look) => string

/** A point a day, a week from Monday, a month. */
const GRAINS: Record<'day' | 'week' | 'month', KeyOf> = {
  day: ({ snapshotId }) => snapshotId.slice(0, 8),
  // Day 0 of the epoch was a Thursday.
  week: ({ at }) => idOf(at - (((Math.floor(at / DAY_MS) + 3) % 7) + 7) * DAY_MS).slice(0, 8),
  month: ({ snapshotId }) => snapshotId.slice(0, 6),
}

/** Points with the same key as one. */
function grouped(points: readonly TruePoint[], keyOf: KeyOf): TruePoint[] {
  const keys = [...new Set(points.map(({ look }) => keyOf(look)))]
  return keys.flatMap((key) => foldPoints(points.filter(({ look }) => keyOf(look) === key)) ?? [])
}

/** The trend of the fleet in every grain, and that of each group. */
export function trendQuestions(ledger: Ledger, points: readonly TruePoints[]): Question[] {
  const fleet = points.map((point) => point.fleet)
  const { first } = ledger
  const shown = (all: readonly TruePoint[]) => all.map((point) => ({ ...pointFigures(point), status: statusOf(point) }))
  const ofGrain = (grain: keyof typeof GRAINS) => ({
    path: `/api/trends?from=${first.snapshotId}&grain=${grain}`,
    expected: { grain, points: shown(grouped(fleet, GRAINS[grain])) },
  })
  return [
    { path: `/api/trends?from=${first.snapshotId}&grain=snapshot`, expected: { grain: 'snapshot', points: shown(fleet) } },
    ...(['day', 'week', 'month'] as const).map(ofGrain),
    ...groupKeysOf(points, 'rbacGroup').map((key) => ({
      path: `/api/trends?from=${first.snapshotId}&grain=day&rbacGroup=${encodeURIComponent(key ?? '')}`,
      expected: { points: ofGroup(points, 'rbacGroup', key, GRAINS.day).map(pointFigures) },
    })),
  ]
}

/** A stretch of the past, in the grain that is taken where none is asked for. */
export function earlierTrendQuestions(points: readonly TruePoints[], from: Look, to: Look): Question[] {
  const fleet = points.map((point) => point.fleet).filter(({ look }) => look.at >= from.at && look.at <= to.at)
  const expected = { grain: 'snapshot', points: fleet.map((point) => ({ ...pointFigures(point), status: statusOf(point) })) }
  return [{ path: `/api/trends?from=${from.snapshotId}&to=${to.snapshotId}`, expected }]
}

export const groupKeysOf = (points: readonly TruePoints[], by: GroupBy): (string | null)[] => [
  ...new Set(points.flatMap(({ groups }) => [...groups[by].keys()])),
]

/** The points of a group: of each day, or month, in which it was there; at the end of it, it may be there no more. */
function ofGroup(points: readonly TruePoints[], by: GroupBy, key: string | null, keyOf: KeyOf): TruePoint[] {
  const periods = [...new Set(points.map(({ look }) => keyOf(look)))]
  return periods.flatMap((period) => {
    const own = points.filter(({ look }) => keyOf(look) === period)
    const first = own.findIndex(({ groups }) => groups[by].has(key))
    if (first === -1) return []
    return foldPoints(own.slice(first).map(({ look, groups }) => groups[by].get(key) ?? nothingAt(look))) ?? []
  })
}

/** What groups stand at, and by month. */
export function groupQuestions(points: readonly TruePoints[]): Question[] {
  return GROUPS_BY.map((by) => ({ path: `/api/groups?by=${by}`, expected: { by, groups: groupFigures(points, by) } }))
}

function groupFigures(points: readonly TruePoints[], by: GroupBy) {
  const now = points.at(-1)
  if (!now) return []
  const groups = groupKeysOf(points, by).map((key) => {
    const point = now.groups[by].get(key) ?? nothingAt(now.look)
    return { key, point, cells: ofGroup(points, by, key, GRAINS.month).map(cellFigures) }
  })
  return groups.sort(byPairs).map(({ key, point, cells }) => ({ key, ...standingFigures(point), cells }))
}

function cellFigures({ look, pairs, asked, resolved }: TruePoint) {
  return {
    month: look.snapshotId.slice(0, 6),
    pairs: sum(pairs),
    over30: sum(pairs.slice(2)),
    machines: asked,
    installed: resolved.installed,
  }
}

interface Grouped {
  key: string | null
  point: TruePoint
}

/** Those with most missing pairs first, then with most machines. */
function byPairs(a: Grouped, b: Grouped): number {
  return sum(b.point.pairs) - sum(a.point.pairs) || b.point.asked - a.point.asked || ((a.key ?? '') < (b.key ?? '') ? -1 : 1)
}
