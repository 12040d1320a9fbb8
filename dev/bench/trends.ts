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
import { grouped } from '../start/text.ts'
import { type Figure, type Report, timeFigure } from './figure.ts'
import type { Worker } from './processes.ts'
import { inTurn } from './rounds.ts'
import { withHistory } from './worlds.ts'
import { machineIdsOf, snapshotIdAt } from './write-history.ts'

const MACHINES = 100_000
const DAYS = 90
const GROUPS = 50
const KBS_A_MONTH = 12
const CHANGES_A_DAY = 5_000
const ROUNDS = 15

/** The overview and the trend of a large fleet, as a client gets them, against a bare SDK read of the rows that they take. */
export async function measureTrends(report: Report): Promise<Figure[]> {
  report(`counting ${DAYS} days of ${grouped(MACHINES)} machines in ${GROUPS} groups`)
  return withHistory(writeTrends, async (worker) => {
    report(`${ROUNDS} rounds`)
    const figures: Figure[] = []
    for (const route of ['overview', 'trends'] as const) {
      await timeOf(worker, route)
      const compared = await inTurn(
        ROUNDS,
        () => timeOf(worker, route),
        async () => (await worker.run('readTrendRowsBare', route, snapshotIdAt(0), snapshotIdAt(DAYS - 1))).milliseconds,
      )
      figures.push(timeFigure(`${route} of ${grouped(MACHINES)} machines, against a bare SDK read of its rows`, compared))
    }
    return figures
  })
}

const timeOf = async (worker: Worker, route: string) => (await worker.run('readRoute', route)).milliseconds

/** What as many days of a fleet leave at the ends of their snapshots; the machines themselves are never read. */
async function writeTrends(store: TenantStore): Promise<void> {
  const points = Array.from({ length: DAYS }, (_, day) => pointOf(day))
  await store.trends.writePoints(points)
  await store.trends.writeDays(points.map((point) => dayPoint([], point)))
  const newest = snapshotIdAt(DAYS - 1)
  await store.trends.writeGroups(
    'rbacGroup',
    'snapshot',
    Array.from({ length: GROUPS }, (_, group) => groupOf(group, newest)),
  )
  await writeCohorts(store)
  await store.trends.writeTop(['oldestMachines', 'worstMachines', 'longUnknown'].map((list) => topOf(list as 'oldestMachines', newest)))
  await store.snapshots.write({
    ...pendingSnapshot(newest, 'schedule'),
    ...{ status: 'completed', phase: 'ended', finishedAt: snapshotStartAt(newest), wanted: MACHINES, observed: MACHINES, silent: 0 },
  })
  const { etag } = await store.tenant.getOrCreate({})
  const ids = { oldestSnapshotId: snapshotIdAt(0), lastSnapshotId: newest, lastEndedSnapshotId: newest }
  await store.tenant.patch({ ...ids, trendsSince: snapshotIdAt(0), trendsDerived: true }, etag)
}

function pointOf(day: number): TrendPoint {
  const snapshotId = snapshotIdAt(day)
  const ofSnapshot = { listed: MACHINES, skipped: 0, missingKbs: 60, status: 'completed', calls: MACHINES, throttled: 0 } as const
  const { standings, flows } = countedOf(day, MACHINES, CHANGES_A_DAY)
  return { snapshotId, ...ofSnapshot, ...standings, ...flows }
}

function groupOf(group: number, snapshotId: string): GroupPoint {
  const { standings, flows } = countedOf(DAYS - 1, MACHINES / GROUPS, CHANGES_A_DAY / GROUPS)
  return { group: `Group ${group}`, period: snapshotId, snapshotId, ...standings, ...flows }
}

/** Machines that miss up to six KBs, which they began to miss over the last months. */
function countedOf(day: number, machines: number, changes: number): TrendCounter {
  const counter = new TrendCounter(snapshotIdAt(day))
  for (let index = 0; index < machines; index++) {
    const exposures = Array.from({ length: index % 7 }, (_, kb) => exposureAt(day - ((index * 13 + kb * 29) % 120), index))
    counter.addMachine({ stands: 'observed', isAssessed: true, exposures })
  }
  for (let index = 0; index < changes; index++) {
    const { exposedSince, exposedAtLeast } = exposureAt(day - 1 - ((index * 7) % 60), index)
    const reason = index % 3 === 0 ? 'superseded' : 'installed'
    const ended = { appearedSnapshotId: exposedSince, exposedSince, exposedAtLeast, takenOver: [] }
    counter.addChange({ ...ended, change: 'resolved', reason, stillExposed: reason === 'superseded' })
  }
  return counter
}

const exposureAt = (day: number, index: number): Exposure => ({ exposedSince: snapshotIdAt(day), exposedAtLeast: index % 10 === 0 })

async function writeCohorts(store: TenantStore): Promise<void> {
  const months = ['202605', '202606', '202607']
  const days = Array.from({ length: DAYS }, (_, day) => snapshotIdAt(day))
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

function topOf(list: 'oldestMachines' | 'worstMachines' | 'longUnknown', snapshotId: string) {
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
    ...{ exposedSince: snapshotIdAt(0), exposedAtLeast: false },
  }))
  return { list, snapshotId, total: MACHINES, items }
}
