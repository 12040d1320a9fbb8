import { expect } from 'vitest'
import {
  daysMissing,
  exposureOf,
  FIRST_SNAPSHOT_ID,
  type Interval,
  isOpen,
  missingAt,
  percentileOf,
  RESOLVED_REASONS,
  snapshotStartAt,
  sumOf,
  withExposures,
} from '../../src/domain/index.ts'
import type { TenantStore } from '../../src/store/index.ts'
import type { Api } from './api.ts'
import { countedReasons, outcomesAt } from './check-trends.ts'
import { agesAt, intervalsAt, speedAt } from './trend-model.ts'

type Json = Record<string, unknown>
type Point = Json & { snapshotId: string; pairs: number[]; machines: number[]; resolved: Record<string, number> }

/** What the intervals of a fleet say, by machine. */
async function intervalsByMachine(store: TenantStore): Promise<Map<string, Interval[]>> {
  const all = new Map<string, Interval[]>()
  for await (const page of store.machines.pages()) {
    for (const { machineId } of page) all.set(machineId, [...withExposures((await store.missingKbs.read(machineId)).intervals)])
  }
  return all
}

/** Compares every figure of the routes of trends with what the intervals of the machines say. */
export async function expectTrendRoutes(api: Api, store: TenantStore, endedIds: readonly string[]): Promise<void> {
  const byMachine = await intervalsByMachine(store)
  const fleet: Fleet = { api, store, endedIds, byMachine, machines: [...byMachine.values()] }
  await expectTrendPoints(fleet)
  await expectTimeToPatch(fleet)
  await expectCohorts(fleet)
  await expectKbs(fleet)
  await expectGroups(fleet)
  await expectLists(fleet)
  await expectOverview(fleet)
}

interface Fleet {
  api: Api
  store: TenantStore
  endedIds: readonly string[]
  byMachine: ReadonlyMap<string, Interval[]>
  machines: readonly Interval[][]
}

async function ask({ api }: Pick<Fleet, 'api'>, path: string): Promise<Json> {
  const { status, json, text } = await api.call(path)
  expect(status, `${path}: ${text.slice(0, 300)}`).toBe(200)
  return json
}

const PERIODS = {
  snapshot: (id: string) => id,
  day: (id: string) => id.slice(0, 8),
  week: (id: string) => String(Math.floor((Date.parse(snapshotStartAt(id).slice(0, 10)) / 86_400_000 + 3) / 7)),
  month: (id: string) => id.slice(0, 6),
}

async function expectTrendPoints(fleet: Fleet): Promise<void> {
  const { endedIds, machines } = fleet
  for (const [grain, periodOf] of Object.entries(PERIODS)) {
    for (const first of [0, Math.floor(endedIds.length / 2)]) {
      for (const last of [endedIds.length - 1, Math.max(first, endedIds.length - 2)]) {
        const ids = endedIds.slice(first, last + 1)
        const { points } = await ask(fleet, `/api/trends?grain=${grain}&from=${ids[0]}&to=${ids.at(-1)}`)
        const lastOfPeriods = ids.filter((id, index) => ids[index + 1] === undefined || periodOf(ids[index + 1] ?? '') !== periodOf(id))
        expect((points as Point[]).map(({ snapshotId }) => snapshotId)).toEqual(lastOfPeriods)
        for (const point of points as Point[]) {
          const own = ids.filter((id) => periodOf(id) === periodOf(point.snapshotId))
          const { pairs, machinesByAge } = agesAt(machines, point.snapshotId)
          expect({ pairs: point.pairs, machines: point.machines }, `${grain} ${point.snapshotId}`).toEqual({
            pairs,
            machines: machinesByAge,
          })
          const counted = own.map((id) => countedReasons(machines.flat(), id))
          expect(point.resolved).toEqual(Object.fromEntries(RESOLVED_REASONS.map((name) => [name, sumOf(counted.map((one) => one[name]))])))
        }
      }
    }
  }
}

async function expectTimeToPatch(fleet: Fleet): Promise<void> {
  const { endedIds, machines } = fleet
  for (const to of endedIds) {
    for (const [days, from] of [1, 7, 30].flatMap((one) => [[one, FIRST_SNAPSHOT_ID] as const, [one, endedIds[1] ?? to] as const])) {
      if (from > to) continue
      const found = await ask(fleet, `/api/time-to-patch?from=${from}&to=${to}&days=${days}`)
      const { leftOut, ...within } = speedAt(machines, to, days, from)
      expect(found['installedWithin'], `${days} days at ${to}`).toMatchObject({ days, ...within })
      const { leftOut: counts } = found['installedWithin'] as { leftOut: Record<string, number> }
      expect(sumOf(Object.values(counts))).toBe(leftOut)
    }
    const at = machines.flatMap((intervals) => intervalsAt(intervals, to))
    for (const reason of ['installed', 'silent', 'superseded'] as const) {
      const took = new Map<number, number>()
      for (const one of at.filter(({ resolvedReason }) => resolvedReason === reason)) {
        const age = daysMissing(exposureOf(one).exposedSince, one.resolvedSnapshotId ?? '')
        took.set(age, (took.get(age) ?? 0) + 1)
      }
      const found = await ask(fleet, `/api/time-to-patch?from=2000-01-01&to=${to}&reason=${reason}`)
      const n = sumOf([...took.values()])
      expect(found).toMatchObject({ n, p50: percentileOf(took, 0.5), p90: percentileOf(took, 0.9) })
      expect(sumOf((found['histogram'] as { count: number }[]).map(({ count }) => count))).toBe(n)
      expect((found['stillMissing'] as Json)['n']).toBe(at.filter(isOpen).length)
    }
  }
}

async function expectCohorts(fleet: Fleet): Promise<void> {
  const { store, machines } = fleet
  const kbs = []
  for await (const page of store.kbs.pages()) kbs.push(...page)
  const { cohorts } = await ask(fleet, '/api/cohorts?months=12')
  for (const cohort of cohorts as (Json & { cohort: string; points: (Json & { at: string })[] })[]) {
    const { asOf: _, complete: __, ...one } = await ask(fleet, `/api/cohorts/${cohort.cohort}`)
    expect(one).toEqual(cohort)
    for (const point of cohort.points) {
      const id = point.at.replace(/[-:]/g, '')
      const ids = new Set(kbs.filter((kb) => kb.firstSeenSnapshotId <= id && kb.cohort === cohort.cohort).map(({ kbId }) => kbId))
      const { became, ...outcomes } = outcomesAt(machines, ids, id)
      expect(point, `${cohort.cohort} at ${id}`).toMatchObject({ ...outcomes, ...became, kbs: ids.size })
    }
  }
}

async function expectKbs(fleet: Fleet): Promise<void> {
  const { api, endedIds, machines } = fleet
  const { kbs } = await ask({ api }, '/api/kbs')
  for (const { kbId } of kbs as { kbId: string }[]) {
    const newest = endedIds.at(-1) ?? ''
    const { became, ...now } = outcomesAt(machines, new Set([kbId]), newest)
    expect((await ask({ api }, `/api/kbs/${kbId}`))['outcomes']).toEqual({ ...now, ...became })
    const { points } = await ask({ api }, `/api/kbs/${kbId}/trend?from=2000-01-01`)
    for (const point of points as (Json & { snapshotId: string })[]) {
      const { became: then, ...counts } = outcomesAt(machines, new Set([kbId]), point.snapshotId)
      expect(point['cumulative']).toEqual({ ...counts, ...then })
    }
    const [first, second] = points as Json[]
    if (!first || !second) continue
    const later = await ask({ api }, `/api/kbs/${kbId}/trend?from=${String(second['snapshotId'])}`)
    expect(later).toMatchObject({ before: first, points: (points as Json[]).slice(1) })
  }
}

async function expectGroups(fleet: Fleet): Promise<void> {
  const { endedIds, machines } = fleet
  const newest = endedIds.at(-1) ?? ''
  for (const by of ['rbacGroup', 'osPlatform']) {
    const { groups, months } = await ask(fleet, `/api/groups?by=${by}&months=24`)
    const all = groups as { pairs: number[]; cells: { month: string; pairs: number; installed: number }[] }[]
    expect(sumOf(all.flatMap(({ pairs }) => pairs))).toBe(sumOf(agesAt(machines, newest).pairs))
    for (const month of months as string[]) {
      const ids = endedIds.filter((id) => id.startsWith(month))
      const cells = all.flatMap(({ cells: own }) => own.filter((cell) => cell.month === month))
      expect(sumOf(cells.map(({ pairs }) => pairs))).toBe(ids.length === 0 ? 0 : sumOf(agesAt(machines, ids.at(-1) ?? '').pairs))
      const installed = sumOf(ids.map((id) => countedReasons(machines.flat(), id).installed))
      expect(sumOf(cells.map((cell) => cell.installed))).toBe(installed)
    }
  }
}

async function expectLists(fleet: Fleet): Promise<void> {
  const { endedIds, byMachine } = fleet
  const newest = endedIds.at(-1) ?? ''
  const open = [...byMachine].flatMap(([machineId, intervals]) => {
    const exposures = missingAt(intervals, newest).map((one) => exposureOf(one).exposedSince)
    return exposures.length === 0 ? [] : [{ machineId, missing: exposures.length, exposedSince: exposures.sort()[0] ?? '' }]
  })
  const { machines: worst, complete } = await ask(fleet, '/api/machines?sort=missing')
  expect(complete).toBe(true)
  expect((worst as Json[]).map(({ machineId, missing }) => ({ machineId, missing }))).toEqual(
    open
      .sort((a, b) => b.missing - a.missing || (a.machineId < b.machineId ? -1 : 1))
      .map(({ machineId, missing }) => ({ machineId, missing })),
  )
  const { machines: oldest } = await ask(fleet, '/api/machines?sort=oldest')
  expect((oldest as Json[]).map((one) => one['exposedSince'])).toEqual(open.map((one) => snapshotStartAt(one.exposedSince)).sort())
  const { machines: unknown } = await ask(fleet, '/api/machines?sort=unknownSince')
  const snapshot = await ask(fleet, `/api/snapshots/${newest}`)
  expect((unknown as Json[]).length).toBe((snapshot['machines'] as Json)['unknown'])
}

async function expectOverview(fleet: Fleet): Promise<void> {
  const { endedIds, machines } = fleet
  const newest = endedIds.at(-1) ?? ''
  const overview = await ask(fleet, '/api/overview')
  const { pairs } = agesAt(machines, newest)
  expect(overview['asOf']).toMatchObject({ snapshotId: newest })
  expect(overview['totals']).toMatchObject({ ages: pairs, pairs: sumOf(pairs) })
  expect((overview['flows'] as Json)['resolved']).toEqual(countedReasons(machines.flat(), newest))
  const { comparedWith, delta } = overview as { comparedWith?: { snapshotId: string }; delta?: { pairs: number } }
  if (comparedWith && delta) expect(delta.pairs).toBe(sumOf(pairs) - sumOf(agesAt(machines, comparedWith.snapshotId).pairs))
  const { points, from } = overview['trend'] as { points: Point[]; from: string }
  expect(points.map(({ snapshotId }) => snapshotId)).toEqual(endedIds.filter((id) => snapshotStartAt(id) >= from))
  const { cohorts } = await ask(fleet, '/api/cohorts?months=4')
  expect(overview['cohorts']).toEqual(cohorts)
}
