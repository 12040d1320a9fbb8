import {
  DAY_MS,
  dayOf,
  type Flows,
  foldPoints,
  groupBy,
  type Snapshot,
  snapshotIdAfter,
  snapshotStartMs,
  type Standings,
} from '../../domain/index.ts'
import type { TenantStore } from '../../store/index.ts'
import type { Stretch } from './stretch.ts'

/** How far apart points are: each snapshot, or the last one of a UTC day, a week from Monday, a month. */
export const GRAINS = ['snapshot', 'day', 'week', 'month'] as const
export type Grain = (typeof GRAINS)[number]

/** Where nothing is said, the finest grain that has no more points. */
export const MOST_POINTS = 400

/** What a fleet, or a group of it, stood at, and what came to pass since the point before. */
export type SeriesPoint = Standings & Flows & { snapshotId: string } & Partial<OfSnapshot>

/** What only snapshots have, not groups; calls are of all snapshots since the point before. */
type OfSnapshot = Pick<Snapshot, 'status' | 'source' | 'listed' | 'skipped' | 'missingKbs' | 'calls' | 'throttled'>

export interface Series {
  grain: Grain
  points: SeriesPoint[]
}

type TrendStore = Pick<TenantStore, 'trends'>

/** The points of a tenant in a stretch, in one read for each 1,000 of them. */
export async function readSeries(store: TrendStore, stretch: Stretch, grain: Grain | undefined): Promise<Series> {
  if (grain === 'snapshot') return { grain, points: await store.trends.points(stretch) }
  if (grain === undefined && daysOfStretch(stretch) <= MOST_POINTS) {
    const few = await store.trends.points(stretch, MOST_POINTS + 1)
    if (few.length <= MOST_POINTS) return { grain: 'snapshot', points: few }
  }
  const days = await readDays(stretch, {
    days: async (span) => (await store.trends.days(span)).map((day) => ({ day: day.day, point: day })),
    snapshots: async (span) => await store.trends.points(span),
  })
  return inGrain(days, grain)
}

/** The same of one group, which has no points of snapshots: its finest grain is a day. */
export async function readGroupSeries(
  store: TrendStore,
  group: string | null,
  stretch: Stretch,
  grain: Exclude<Grain, 'snapshot'> | undefined,
): Promise<Series> {
  const days = await readDays(stretch, {
    days: async (span) => (await store.trends.groupDays(group, span)).map((point) => ({ day: point.period, point })),
    snapshots: async (span) => (await store.trends.groups('rbacGroup', 'snapshot', span)).filter((one) => one.group === group),
  })
  return inGrain(days, grain)
}

interface DayReader {
  days: (span: Stretch) => Promise<{ day: string; point: SeriesPoint }[]>
  snapshots: (span: Stretch) => Promise<SeriesPoint[]>
}

/** Days of a stretch. Of one that begins or ends within a day, that day is made of its own snapshots. */
async function readDays({ from, to }: Stretch, reader: DayReader): Promise<SeriesPoint[]> {
  const [first, last] = [dayOf(from), dayOf(to)]
  const rows = await reader.days({ from: first, to: last })
  const isCut = ({ day, point }: (typeof rows)[number]) => point.snapshotId > to || (day === first && from > `${first}T000000Z`)
  const points: SeriesPoint[] = []
  for (const row of rows) {
    if (!isCut(row)) points.push(row.point)
    else points.push(...fold(await reader.snapshots({ from: row.day < from ? from : row.day, to: endOfDay(row.day, to) }), dayOf))
  }
  return points
}

function endOfDay(day: string, to: string): string {
  const end = `${day}T235959Z`
  return end < to ? end : to
}

function inGrain(days: SeriesPoint[], grain: Exclude<Grain, 'snapshot'> | undefined): Series {
  const weeks = () => fold(days, mondayOf)
  if (grain === 'day' || (grain === undefined && days.length <= MOST_POINTS)) return { grain: 'day', points: days }
  if (grain === 'week' || (grain === undefined && weeks().length <= MOST_POINTS)) return { grain: 'week', points: weeks() }
  return { grain: 'month', points: fold(days, (snapshotId) => snapshotId.slice(0, 6)) }
}

/** The day of the Monday on which a snapshot's week begins. */
function mondayOf(snapshotId: string): string {
  const weekday = (new Date(snapshotStartMs(snapshotId)).getUTCDay() + 6) % 7
  return dayOf(snapshotIdAfter(snapshotId, -weekday * 86_400))
}

/** Points with the same key as one: what the last stands at, with what came to pass in all of them. */
export function fold(points: readonly SeriesPoint[], keyOf: (snapshotId: string) => string): SeriesPoint[] {
  const groups = groupBy(points, ({ snapshotId }) => keyOf(snapshotId))
  return [...groups.values()].flatMap((own) => own.slice(-1).map((last) => foldPoints(own.slice(0, -1), last)))
}

const daysOfStretch = ({ from, to }: Stretch) => (snapshotStartMs(to) - snapshotStartMs(from)) / DAY_MS
