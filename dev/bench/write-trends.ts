import {
  dayOf,
  dayPoint,
  type Exposure,
  type GroupPoint,
  NO_RESOLVED,
  pendingSnapshot,
  snapshotStartAt,
  type TopMachine,
  TrendCounter,
  type TrendPoint,
} from '../../src/domain/index.ts'
import type { TenantStore } from '../../src/store/index.ts'
import { machineIdsOf, snapshotIdAt } from './write-history.ts'

/** What snapshots have counted of a fleet: one a day. */
export interface CountedFleet {
  machines: number
  groups: number
  firstDay: number
  days: number
}

const KBS_A_MONTH = 12
/** One machine in twenty changes a day. */
const ONE_IN = 20

const daysOf = ({ firstDay, days }: CountedFleet): number[] => Array.from({ length: days }, (_, index) => firstDay + index)
const newestDayOf = ({ firstDay, days }: CountedFleet) => firstDay + days - 1

/** The fleet as a point of each day. */
export async function writePoints(store: TenantStore, fleet: CountedFleet): Promise<void> {
  const points = daysOf(fleet).map((day) => pointOf(fleet, day))
  await store.trends.writePoints(points)
  await store.trends.writeDays(points.map((point) => dayPoint([], point)))
}

/** Points, groups and lists; the machines themselves are never read for them. */
export async function writeTrends(store: TenantStore, fleet: CountedFleet): Promise<void> {
  await writePoints(store, fleet)
  const newest = snapshotIdAt(newestDayOf(fleet))
  const groups = Array.from({ length: fleet.groups }, (_, group) => groupOf(fleet, group, newest))
  await store.trends.writeGroups('rbacGroup', 'snapshot', groups)
  const lists = ['oldestMachines', 'worstMachines', 'longUnknown'] as const
  await store.trends.writeTop(lists.map((list) => topOf(fleet, list, newest)))
}

/** The groups as they stood at the ends of some months. */
export async function writeGroupMonths(store: TenantStore, fleet: CountedFleet, months: readonly string[]): Promise<void> {
  const newest = snapshotIdAt(newestDayOf(fleet))
  const points = Array.from({ length: fleet.groups }, (_, group) => groupOf(fleet, group, newest))
  for (const period of months)
    await store.trends.writeGroups(
      'rbacGroup',
      'month',
      points.map((point) => ({ ...point, period })),
    )
}

/** Every month's cohort, followed day by day. */
export async function writeCohorts(store: TenantStore, fleet: CountedFleet): Promise<void> {
  const days = daysOf(fleet).map(snapshotIdAt)
  const months = [...new Set(days.map((snapshotId) => snapshotId.slice(0, 6)))]
  const points = months.flatMap((cohort) => {
    const followed = days.filter((snapshotId) => snapshotId.slice(0, 6) >= cohort)
    const became = { ...NO_RESOLVED, installed: 40_000, superseded: 20_000 }
    return followed.map((snapshotId) => ({
      ...{ cohort, day: dayOf(snapshotId), snapshotId, kbs: KBS_A_MONTH },
      ...{ opened: 90_000, missing: 30_000, became },
    }))
  })
  await store.trends.writeCohorts(points)
}

/** The newest snapshot, and that it is the newest. */
export async function writeEnd(store: TenantStore, fleet: CountedFleet): Promise<void> {
  const newest = snapshotIdAt(newestDayOf(fleet))
  const oldest = snapshotIdAt(fleet.firstDay)
  const counts = { wanted: fleet.machines, observed: fleet.machines, silent: 0 }
  await store.snapshots.write({
    ...pendingSnapshot(newest, 'schedule'),
    ...{ status: 'completed', phase: 'ended', finishedAt: snapshotStartAt(newest), ...counts },
  })
  const { etag } = await store.tenant.getOrCreate({})
  const ids = { oldestSnapshotId: oldest, lastSnapshotId: newest, lastEndedSnapshotId: newest }
  const at = snapshotStartAt(newest)
  await store.tenant.patch({ ...ids, lastEndedAt: at, lastAnsweredAt: at, trendsSince: oldest, trendsDerived: true }, etag)
}

function pointOf({ machines }: CountedFleet, day: number): TrendPoint {
  const snapshotId = snapshotIdAt(day)
  const ofSnapshot = {
    listed: machines,
    skipped: 0,
    missingKbs: 60,
    status: 'completed',
    source: 'perMachine',
    calls: machines,
    throttled: 0,
  } as const
  const { standings, flows } = countedOf(day, machines)
  return { snapshotId, ...ofSnapshot, ...standings, ...flows }
}

function groupOf(fleet: CountedFleet, group: number, snapshotId: string): GroupPoint {
  const { standings, flows } = countedOf(newestDayOf(fleet), fleet.machines / fleet.groups)
  return { group: `Group ${group}`, period: snapshotId, snapshotId, ...standings, ...flows }
}

/** Machines that miss up to six KBs, which they began to miss over the last months. */
function countedOf(day: number, machines: number): TrendCounter {
  const counter = new TrendCounter(snapshotIdAt(day))
  for (let index = 0; index < machines; index++) {
    const exposures = Array.from({ length: index % 7 }, (_, kb) => exposureAt(day - ((index * 13 + kb * 29) % 120), index))
    counter.addMachine({ stands: 'observed', isAssessed: true, exposures })
  }
  for (let index = 0; index < machines / ONE_IN; index++) {
    const { exposedSince, exposedAtLeast } = exposureAt(day - 1 - ((index * 7) % 60), index)
    const reason = index % 3 === 0 ? 'superseded' : 'installed'
    const ended = { appearedSnapshotId: exposedSince, exposedSince, exposedAtLeast, takenOver: [] }
    counter.addChange({ ...ended, change: 'resolved', reason, stillExposed: reason === 'superseded' })
  }
  return counter
}

const exposureAt = (day: number, index: number): Exposure => ({ exposedSince: snapshotIdAt(day), exposedAtLeast: index % 10 === 0 })

function topOf({ machines, firstDay }: CountedFleet, list: 'oldestMachines' | 'worstMachines' | 'longUnknown', snapshotId: string) {
  const shown = {
    osPlatform: 'Windows11',
    version: '24H2',
    rbacGroupName: 'Workstations',
    healthStatus: 'Active',
    state: 'observed',
  } as const
  const items = machineIdsOf(100).map((machineId): TopMachine => ({
    ...{ machineId, computerDnsName: `pc-${machineId.slice(0, 8)}.contoso.example`, ...shown, lastSeen: snapshotStartAt(snapshotId) },
    ...{ missing: 6, oldestMissingAt: null, lastObservedSnapshotId: snapshotId, code: null },
    ...{ exposedSince: snapshotIdAt(firstDay), exposedAtLeast: false },
  }))
  return { list, snapshotId, total: machines, items }
}
