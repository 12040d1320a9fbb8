import {
  byText,
  dayOf,
  groupBy,
  type GroupPoint,
  groupPoints,
  type Grouping,
  monthBefore,
  NO_STANDINGS,
  type Snapshot,
  type Standings,
  sumOf,
} from '../../domain/index.ts'
import type { TenantStore } from '../../store/index.ts'

/** A group of machines: what it stands at, and its points by month, oldest first. */
export interface GroupSeries {
  /** null for machines without one. */
  group: string | null
  now: Standings
  months: GroupPoint[]
}

/** The months up to that of a snapshot, oldest first. */
export function monthsUpTo({ snapshotId }: Pick<Snapshot, 'snapshotId'>, count: number): string[] {
  const months = [snapshotId.slice(0, 6)]
  while (months.length < count) months.unshift(monthBefore(months[0] ?? ''))
  return months
}

/** The groups of a tenant over months, as of a snapshot: those that have most pairs missing first. */
export async function readGroups(
  store: Pick<TenantStore, 'trends'>,
  asOf: Pick<Snapshot, 'snapshotId'>,
  grouping: Grouping,
  months: readonly string[],
): Promise<GroupSeries[]> {
  const span = { from: months[0] ?? '', to: months.at(-1) ?? '' }
  const stored = await store.trends.groups(grouping, 'month', span)
  const isAhead = stored.some(({ snapshotId }) => snapshotId > asOf.snapshotId)
  const points = isAhead ? await withoutRunning(store, asOf, grouping, stored) : stored
  return [...groupBy(points, ({ group }) => group)]
    .map(([group, own]) => toSeries(group, own, asOf))
    .sort((a, b) => byPairs({ ...a.now, group: a.group }, { ...b.now, group: b.group }))
}

function toSeries(group: string | null, months: GroupPoint[], { snapshotId }: Pick<Snapshot, 'snapshotId'>): GroupSeries {
  const last = months.at(-1)
  return { group, now: last?.snapshotId === snapshotId ? last : NO_STANDINGS, months }
}

/** Those that have most pairs missing first, then the larger ones. */
export const byPairs = (a: Standings & { group: string | null }, b: Standings & { group: string | null }) =>
  sumOf(b.pairs) - sumOf(a.pairs) || b.machines - a.machines || byText(a.group ?? '', b.group ?? '')

/** The month as the newest ended snapshot left it, where the next one has counted and not ended. */
async function withoutRunning(
  { trends }: Pick<TenantStore, 'trends'>,
  { snapshotId }: Pick<Snapshot, 'snapshotId'>,
  grouping: Grouping,
  stored: readonly GroupPoint[],
): Promise<GroupPoint[]> {
  const [day, month] = [dayOf(snapshotId), snapshotId.slice(0, 6)]
  const ofDay = await trends.groups(grouping, 'snapshot', { from: day, to: snapshotId })
  const days = await trends.groups(grouping, 'day', { from: month, to: day })
  const now = ofDay.filter((point) => point.snapshotId === snapshotId)
  const own = groupPoints(
    new Map(now.map((point) => [point.group, point])),
    { ofDay: ofDay.filter((point) => point.snapshotId < snapshotId), ofMonth: days.filter(({ period }) => period < day) },
    snapshotId,
  )
  return [...stored.filter(({ period }) => period < month), ...own.month]
}
