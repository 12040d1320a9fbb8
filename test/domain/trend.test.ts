import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  daysOf,
  installedWithin,
  type Interval,
  percentileOf,
  resolvedOf,
  snapshotIdOf,
  sumFlows,
  sumOf,
  topOf,
  totalOf,
} from '../../src/domain/index.ts'
import { played } from '../support/played-machine.ts'
import { agesAt, countedAt, speedAt } from '../support/trend-model.ts'

const HOUR = 3_600_000
const FIRST = Date.parse('2026-01-01T02:00:00Z')

/** A fleet whose snapshots are taken whenever: hours between them. */
const fleets = fc
  .record({
    machines: fc.array(played, { minLength: 1, maxLength: 4 }),
    hours: fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 12, maxLength: 12 }),
  })
  .map(({ machines, hours }) => {
    let time = FIRST
    const snapshotIds = hours.map((pause) => snapshotIdOf((time += pause * HOUR)))
    return { machines: machines.map((intervals) => intervals.map((interval) => takenAt(interval, snapshotIds))), snapshotIds }
  })

function takenAt<T extends Interval>(interval: T, snapshotIds: readonly string[]): T {
  const moved = (id: string | null) => (id === null ? null : (snapshotIds[Number(id.slice(6, 8)) - 1] ?? id))
  const { appearedSnapshotId, resolvedSnapshotId, exposedSince, lastMissingSnapshotId } = interval
  return {
    ...interval,
    appearedSnapshotId: moved(appearedSnapshotId) ?? '',
    resolvedSnapshotId: moved(resolvedSnapshotId),
    exposedSince: moved(exposedSince),
    lastMissingSnapshotId: moved(lastMissingSnapshotId),
  }
}

describe('a trend', () => {
  it('has points that are what the intervals say, and that differ by their flows', () => {
    fc.assert(
      fc.property(fleets, ({ machines, snapshotIds }) => {
        let before = 0
        for (const snapshotId of snapshotIds) {
          const point = countedAt(machines, snapshotId)
          expect(point).toMatchObject(agesAt(machines, snapshotId))
          expect(totalOf(point.exposed)).toBe(sumOf(point.pairs))
          expect(totalOf(daysOf(point.exposed))).toBe(sumOf(point.pairs))
          const flows = sumOf(Object.values(point.appeared)) - sumOf(Object.values(resolvedOf(point)))
          expect(sumOf(point.pairs) - before).toBe(flows)
          before = sumOf(point.pairs)
        }
      }),
    )
  })

  it('gives the figure of speed that the intervals give, at every end and whatever its flows are summed over', () => {
    fc.assert(
      fc.property(fleets, fc.constantFrom(1, 7, 14, 30, 45), fc.nat({ max: 11 }), ({ machines, snapshotIds }, days, cut) => {
        const points = snapshotIds.map((snapshotId) => countedAt(machines, snapshotId))
        for (const [index, at] of points.entries()) {
          const flows = points.slice(0, index + 1)
          const summed = [sumFlows(flows.slice(0, cut)), sumFlows(flows.slice(cut))]
          const { leftOut, ...figure } = installedWithin(days, at, summed)
          expect({ exposures: figure.exposures, installed: figure.installed, leftOut: sumOf(Object.values(leftOut)) }).toEqual(
            speedAt(machines, at.snapshotId, days),
          )
        }
      }),
    )
  })
})

describe('a percentile', () => {
  it('is the days within which that share of all was over', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 400 }), { minLength: 1 }), fc.integer({ min: 1, max: 100 }), (all, percent) => {
        const counts = new Map<number, number>()
        for (const days of all) counts.set(days, (counts.get(days) ?? 0) + 1)
        const found = percentileOf(counts, percent / 100) ?? NaN
        const within = (most: number) => all.filter((days) => days <= most).length
        expect(within(found) * 100).toBeGreaterThanOrEqual(percent * all.length - 1e-6)
        expect(within(found - 1) * 100).toBeLessThan(percent * all.length)
      }),
    )
    expect(percentileOf(new Map(), 0.5)).toBeNull()
  })
})

describe('a list of the first', () => {
  it('is the same in whatever order its items come, and cut in pieces', () => {
    const machine = (index: number) => ({
      ...{ machineId: String(index), computerDnsName: null, rbacGroupName: null, osPlatform: null, missing: index % 7 },
      ...{ exposedSince: null, exposedAtLeast: false, lastObservedSnapshotId: null, code: null },
      ...{ version: null, healthStatus: null, lastSeen: null, oldestMissingAt: null, state: 'observed' as const },
    })
    const all = Array.from({ length: 150 }, (_, index) => machine(index))
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 150 }), fc.nat({ max: 150 }), (items, cut) => {
        const first = topOf('worstMachines', all)
        expect(first[0]).toMatchObject({ missing: 6, machineId: '104' })
        expect(topOf('worstMachines', [...topOf('worstMachines', items.slice(0, cut)), ...items.slice(cut)])).toEqual(first)
      }),
    )
  })
})
