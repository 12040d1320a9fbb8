import {
  type CohortPoint,
  exposuresOf,
  type GroupPoint,
  NO_FLOWS,
  NO_RESOLVED,
  NO_STANDINGS,
  snapshotStartAt,
  type TrendPoint,
} from '../../src/domain/index.ts'
import type { FeedRow } from '../../src/feed/filter/value.ts'
import type { TenantStore } from '../../src/store/index.ts'

const GROUPS = ["Kids' PCs", 'Servers', null]
const COHORTS = ['202604', '202605']
const RELEASES: Record<string, string> = { '202604': '2026-04-14T17:00:00Z', '202605': '2026-05-12T17:00:00Z' }

/** Trends of a made-up history: every count says of which snapshot and group it is. */
export class HistoryTrends {
  readonly #store: TenantStore
  readonly #points: TrendPoint[] = []
  readonly #groups: GroupPoint[] = []
  readonly #cohorts: CohortPoint[] = []

  constructor(store: TenantStore) {
    this.#store = store
  }

  async write(snapshotId: string, day: number): Promise<void> {
    const { trends } = this.#store
    const ofDay = snapshotId.slice(0, 8)
    const counts = {
      status: 'incomplete',
      source: 'export',
      listed: 9,
      skipped: 1,
      missingKbs: day,
      calls: day * 10,
      throttled: day,
    } as const
    const points = [{ snapshotId, ...counts, ...countedOf(day) }]
    const groups = GROUPS.map((group, index) => ({ group, period: ofDay, snapshotId, ...countedOf(day * 10 + index) }))
    const cohorts = COHORTS.map((cohort, index) => {
      const became = { ...NO_RESOLVED, installed: day, superseded: index }
      return { cohort, day: ofDay, snapshotId, kbs: index + 2, opened: 5 + day + index, missing: 5, became }
    })
    await trends.writePoints(points)
    await trends.writeGroups('rbacGroup', 'day', groups)
    await trends.writeCohorts(cohorts)
    this.#points.push(...points)
    this.#groups.push(...groups)
    this.#cohorts.push(...cohorts)
  }

  /** As the feed shows them, up to a snapshot. */
  rows(upTo: string): Record<'Trends' | 'TrendsByGroup' | 'Cohorts', FeedRow[]> {
    const shown = <P extends { snapshotId: string }>(points: P[]) => points.filter(({ snapshotId }) => snapshotId <= upTo)
    return {
      Trends: shown(this.#points).map(({ snapshotId, status, source, calls, throttled, ...point }) => ({
        ...{ snapshotId, at: snapshotStartAt(snapshotId), status, source },
        ...shownCounts(point.machines),
        ...{ apiCalls: calls, apiThrottled: throttled },
      })),
      TrendsByGroup: shown(this.#groups).map(({ period, group, snapshotId, machines }) => ({
        ...{ dayAndGroup: `${period}|${group ?? ''}`, day: period, rbacGroupName: group, at: snapshotStartAt(snapshotId) },
        ...shownCounts(machines),
      })),
      Cohorts: shown(this.#cohorts).map(({ cohort, day, snapshotId, kbs, opened, missing, became }) => ({
        ...{ cohort, day, at: snapshotStartAt(snapshotId), kbs, opened, missing, ...became },
        daysSinceRelease: Math.floor((Date.parse(snapshotStartAt(snapshotId)) - Date.parse(RELEASES[cohort] ?? '')) / 86_400_000),
      })),
    }
  }
}

function countedOf(number: number) {
  const standings = {
    ...NO_STANDINGS,
    ...{ machines: number, observed: number - 1, silent: number % 2 === 0 ? null : 1, unknown: 1 },
    ...{ pairs: [number, 1, 2, 3, 4], pairsAtLeast: [1, 0, 0, 0, 1], machinesByAge: [number, 5, 1, 0, 1] },
  }
  const installed = exposuresOf([{ exposedSince: '20260501T020000Z', days: 3, count: number }])
  const superseded = exposuresOf([{ exposedSince: '20260501T020000Z', days: 3, count: 2 }])
  const supersededUnclear = exposuresOf([{ exposedSince: '20260501T020000Z', days: 4, count: 1 }])
  const flows = {
    ...NO_FLOWS,
    appeared: { ...NO_FLOWS.appeared, new: number, reopened: 1 },
    ended: { ...NO_FLOWS.ended, installed, superseded, supersededUnclear },
  }
  return { ...standings, ...flows }
}

function shownCounts(number: number): FeedRow {
  return {
    coverage: (number - 1) / number,
    assessed: number % 2 === 0 ? null : Math.max(0, number - 2) / number,
    ...{ machinesAsked: number, machinesObserved: number - 1, machinesSilent: number % 2 === 0 ? null : 1, machinesUnknown: 1 },
    ...{ pairs: number + 10, pairs0To7: number, pairs8To30: 1, pairs31To60: 2, pairs61To90: 3, pairsOver90: 4, pairsAtLeast: 2 },
    ...{ machinesMissing: number + 7, machinesOver30: 2 },
    ...{ appearedBaseline: 0, appearedMachineAdded: 0, appearedReopened: 1, appearedRebased: 0, appearedNew: number },
    ...{ installed: number, superseded: 3, upgraded: 0, silent: 0, reassessed: 0, removed: 0, excluded: 0, rebased: 0 },
  }
}
