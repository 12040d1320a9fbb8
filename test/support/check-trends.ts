import { expect } from 'vitest'
import {
  byText,
  cohortOf,
  dayOf,
  exposureOf,
  installedWithin,
  type Interval,
  isOpen,
  missingAt,
  RESOLVED_REASONS,
  resolvedOf,
  type ResolvedReason,
  sumOf,
  type TrendPoint,
  withExposures,
} from '../../src/domain/index.ts'
import type { TenantStore } from '../../src/store/index.ts'
import { agesAt, intervalsAt, speedAt } from './trend-model.ts'

const ALL = { from: '0', to: '9' }

/** What the intervals of a fleet say, machine by machine. */
async function allIntervals(store: TenantStore): Promise<Interval[][]> {
  const all: Interval[][] = []
  for await (const page of store.machines.pages()) {
    for (const { machineId } of page) all.push([...withExposures((await store.missingKbs.read(machineId)).intervals)])
  }
  return all
}

/**
 * What must hold of the trends after any snapshot: every point is what the intervals say at its end, points differ by their flows, and so do
 * days, groups, KBs and cohorts; nothing of it is worked out by the rules that count.
 */
export async function expectTrends(store: TenantStore, endedIds: readonly string[]): Promise<void> {
  const machines = await allIntervals(store)
  const points = await store.trends.points(ALL)
  expect(points.map(({ snapshotId }) => snapshotId)).toEqual(endedIds)
  for (const [index, point] of points.entries()) {
    expectPoint(machines, point, points[index - 1])
    const before = points.slice(0, index + 1)
    for (const days of [1, 7, 30]) {
      const { leftOut, exposures, installed } = installedWithin(days, point, before)
      const figure = { exposures, installed, leftOut: sumOf(Object.values(leftOut)) }
      expect(figure, `installed within ${days} days at ${point.snapshotId}`).toEqual(speedAt(machines, point.snapshotId, days))
    }
  }
  await expectDays(store, points)
  await expectKbs(store, machines, endedIds)
}

function expectPoint(machines: readonly Interval[][], point: TrendPoint, before: TrendPoint | undefined): void {
  const { snapshotId } = point
  expect(point, snapshotId).toMatchObject(agesAt(machines, snapshotId))
  const open = machines.flatMap((intervals) => missingAt(intervals, snapshotId)).map(exposureOf)
  expect(sumOf(point.pairsAtLeast)).toBe(open.filter(({ exposedAtLeast }) => exposedAtLeast).length)
  expect(resolvedOf(point)).toEqual(countedReasons(machines.flat(), snapshotId))
  const appeared = sumOf(Object.values(point.appeared))
  expect(sumOf(point.pairs) - sumOf(before?.pairs ?? [])).toBe(appeared - sumOf(Object.values(resolvedOf(point))))
}

export function countedReasons(intervals: readonly Interval[], snapshotId: string): Record<ResolvedReason, number> {
  const counts = Object.fromEntries(RESOLVED_REASONS.map((reason) => [reason, 0])) as Record<ResolvedReason, number>
  for (const { resolvedSnapshotId, resolvedReason } of intervals) {
    if (resolvedSnapshotId === snapshotId && resolvedReason !== null) counts[resolvedReason]++
  }
  return counts
}

const resolvedSum = (points: readonly Pick<TrendPoint, 'ended'>[]) =>
  Object.fromEntries(RESOLVED_REASONS.map((reason) => [reason, sumOf(points.map((point) => resolvedOf(point)[reason]))]))

/** Days are the last of their snapshots with the flows of all; groups add up to the tenant in every period. */
async function expectDays(store: TenantStore, points: readonly TrendPoint[]): Promise<void> {
  const days = await store.trends.days(ALL)
  expect(days.map(({ day }) => day)).toEqual([...new Set(points.map(({ snapshotId }) => dayOf(snapshotId)))])
  for (const day of days) {
    const own = points.filter(({ snapshotId }) => dayOf(snapshotId) === day.day)
    expect(day).toMatchObject({ snapshotId: own.at(-1)?.snapshotId, pairs: own.at(-1)?.pairs })
    expect(resolvedOf(day)).toEqual(resolvedSum(own))
  }
}

/** Of groups, which begin when they were first counted: those of every period add up to what the tenant has. */
export async function expectGroups(store: TenantStore, points: readonly TrendPoint[]): Promise<void> {
  for (const grouping of ['rbacGroup', 'osPlatform'] as const) {
    for (const [period, length] of [
      ['snapshot', 16],
      ['day', 8],
      ['month', 6],
    ] as const) {
      const groups = await store.trends.groups(grouping, period, ALL)
      for (const key of new Set(points.map(({ snapshotId }) => snapshotId.slice(0, length)))) {
        const own = points.filter(({ snapshotId }) => snapshotId.startsWith(key))
        const of = groups.filter((group) => group.period === key)
        const last = own.at(-1)
        for (const name of ['machines', 'observed', 'unknown', 'silent'] as const) {
          expect(sumOf(of.map((group) => group[name] ?? 0)), `${name} by ${grouping} in ${key}`).toBe(last?.[name])
        }
        expect(sumOf(of.flatMap((group) => group.pairs))).toBe(sumOf(last?.pairs ?? []))
        expect(resolvedSum(of)).toEqual(resolvedSum(own))
      }
    }
  }
}

/** A KB's pairs, and so a cohort's, are each counted by their last interval. */
async function expectKbs(store: TenantStore, machines: readonly Interval[][], endedIds: readonly string[]): Promise<void> {
  const kbs = []
  for await (const page of store.kbs.pages()) kbs.push(...page)
  for (const { kbId } of kbs) {
    const points = await store.kbTrends.points(kbId, ALL)
    const changed = endedIds.filter((id) => machines.flat().some((one) => one.kbId === kbId && touches(one, id)))
    expect(points.map(({ snapshotId }) => snapshotId)).toEqual(changed)
    for (const { snapshotId, opened, became, missing, resolved } of points) {
      expect({ opened, became, missing }, `${kbId} at ${snapshotId}`).toEqual(outcomesAt(machines, new Set([kbId]), snapshotId))
      expect(resolved).toEqual(
        countedReasons(
          machines.flat().filter((one) => one.kbId === kbId),
          snapshotId,
        ),
      )
    }
  }
  const cohorts = await store.trends.cohorts(ALL)
  const last = endedIds.at(-1) ?? ''
  const newest = cohorts.filter(({ snapshotId }) => snapshotId === last)
  expect(newest.length).toBe(new Set(kbs.map((kb) => kb.cohort)).size)
  for (const { cohort, snapshotId, opened, became, missing, day } of cohorts) {
    // A KB that came later was not of the cohort then.
    const ids = new Set(kbs.filter((kb) => kb.firstSeenSnapshotId <= snapshotId && kb.cohort === cohort).map(({ kbId }) => kbId))
    expect(kbs.every((kb) => kb.cohort === cohortOf(kb))).toBe(true)
    expect(day).toBe(dayOf(snapshotId))
    expect({ opened, became, missing }, `${cohort} at ${snapshotId}`).toEqual(outcomesAt(machines, ids, snapshotId))
    expect(missing + sumOf(Object.values(became))).toBe(opened)
  }
}

const touches = (one: Interval, id: string) => one.appearedSnapshotId === id || one.resolvedSnapshotId === id

export function outcomesAt(machines: readonly Interval[][], kbIds: ReadonlySet<string>, snapshotId: string) {
  const became = Object.fromEntries(RESOLVED_REASONS.map((reason) => [reason, 0])) as Record<ResolvedReason, number>
  const sums = { opened: 0, became, missing: 0 }
  for (const intervals of machines) {
    for (const kbId of kbIds) {
      const own = intervalsAt(intervals, snapshotId).filter((one) => one.kbId === kbId)
      const last = own.sort((a, b) => byText(b.appearedSnapshotId, a.appearedSnapshotId))[0]
      if (!last) continue
      sums.opened++
      if (isOpen(last)) sums.missing++
      else if (last.resolvedReason !== null) became[last.resolvedReason]++
    }
  }
  return sums
}
