import {
  dayOf,
  dayPoint,
  type Flows,
  GROUPINGS,
  type Grouping,
  groupPoints,
  type Standings,
  type TopKb,
  topOf,
  type TrendCounter,
  type TrendPoint,
} from '../../domain/index.ts'
import type { Slice } from '../slice/slice.ts'
import { MACHINE_LISTS, type Sums } from './sums.ts'
import { countedTotals } from './write-totals.ts'

/** Writes the points of the snapshot, its day and its groups, and the lists of the first. */
export async function writeTrends(slice: Slice, sums: Sums): Promise<void> {
  const point = trendPoint(slice, sums)
  await slice.ports.store.trends.writePoints([point])
  await writeDay(slice, point)
  for (const grouping of GROUPINGS) await writeGroups(slice, sums, grouping)
  await writeTop(slice, sums)
}

function trendPoint({ record }: Slice, sums: Sums): TrendPoint {
  const { listed, skipped, missingKbs } = countedTotals(sums)
  const ofSnapshot = { listed, skipped, missingKbs, ...record.outlook }
  return { snapshotId: sums.snapshotId, ...ofSnapshot, ...sums.fleet.standings, ...sums.fleet.flows }
}

/** The flows of a day are summed over its snapshots' own points, read back: added up, they would drift with kills. */
async function writeDay({ ports }: Slice, point: TrendPoint): Promise<void> {
  const day = dayOf(point.snapshotId)
  const points = await ports.store.trends.points({ from: day, to: point.snapshotId })
  const earlier = points.filter(({ snapshotId }) => snapshotId < point.snapshotId)
  await ports.store.trends.writeDays([dayPoint(earlier, point)])
}

async function writeGroups({ ports }: Slice, { groups, snapshotId }: Sums, grouping: Grouping): Promise<void> {
  const { trends } = ports.store
  const day = dayOf(snapshotId)
  const ofDay = await trends.groups(grouping, 'snapshot', { from: day, to: snapshotId })
  const ofMonth = await trends.groups(grouping, 'day', { from: day.slice(0, 6), to: day })
  const points = groupPoints(
    counted(groups[grouping]),
    { ofDay: ofDay.filter((point) => point.snapshotId < snapshotId), ofMonth: ofMonth.filter(({ period }) => period < day) },
    snapshotId,
  )
  await trends.writeGroups(grouping, 'snapshot', points.snapshot)
  await trends.writeGroups(grouping, 'day', points.day)
  await trends.writeGroups(grouping, 'month', points.month)
  if (grouping === 'rbacGroup') await trends.writeGroupDays(points.day)
}

function counted(counters: ReadonlyMap<string | null, TrendCounter>): Map<string | null, Standings & Flows> {
  return new Map([...counters].map(([group, counter]) => [group, { ...counter.standings, ...counter.flows }]))
}

/** Those of the newest ended snapshot stay beside those of this one, which has not ended yet. */
async function writeTop({ ports, journal }: Slice, { lists, counts, kbs, snapshotId }: Sums): Promise<void> {
  const totals = { oldestMachines: counts.missingMachines, worstMachines: counts.missingMachines, longUnknown: counts.unknown }
  const worst = [...journal.kbs.all()].flatMap(({ kbId, kbName, cohort }): TopKb[] => {
    const machinesMissing = kbs.get(kbId)?.machinesMissing ?? 0
    return machinesMissing > 0 ? [{ kbId, kbName, cohort, machinesMissing }] : []
  })
  await ports.store.trends.writeTop([
    ...MACHINE_LISTS.map((list) => ({ list, snapshotId, total: totals[list], items: topOf(list, lists[list]) })),
    { list: 'worstKbs', snapshotId, total: worst.length, items: topOf('worstKbs', worst) },
  ])
  const { lastEndedSnapshotId } = ports.lease.tenant
  if (lastEndedSnapshotId !== null && lastEndedSnapshotId < snapshotId) await ports.store.trends.forgetTopBefore(lastEndedSnapshotId)
}
