import { describe, expect, it } from 'vitest'
import type { Change, Interval, KbTotal, Snapshot } from '../../src/domain/index.ts'
import type { Faults } from '../../dev/simulator/index.ts'
import { BUCKETS } from '../../src/store/index.ts'
import { REFERENCE, startWorld, WEEK, type World } from '../support/world.ts'

/** Half of the machines give no answer in the second week, none in the third. */
const FAULTS_OF_WEEKS: readonly Partial<Faults>[] = [
  {},
  { notFoundForever: { rate: 0.5 } },
  { notFoundForever: false, missingRole: { on: ['missingKbs'] } },
  { missingRole: false },
]

/** The rows from which the model computes, as the store has them; figures-of-fleet.test.ts evaluates the measures themselves. */
interface Rows {
  snapshots: Snapshot[]
  intervals: (Interval & { machineId: string })[]
  changes: Change[]
  totals: Map<string, KbTotal[]>
}

/** `Missing pairs`: opened in the snapshot or before, not closed by then. */
const missingAt = ({ intervals }: Rows, snapshotId: string) =>
  intervals.filter(({ appearedSnapshotId, resolvedSnapshotId }) => appearedSnapshotId <= snapshotId && (resolvedSnapshotId === null || resolvedSnapshotId > snapshotId))

describe('the rules of the measures, on simulated snapshots', () => {
  it('give the figures of the snapshots, and changes that add up between any two', async () => {
    const world = await startWorld({ machines: 20 })
    for (const [week, faults] of FAULTS_OF_WEEKS.entries()) {
      world.clock.set(REFERENCE + week * WEEK)
      world.simulator.setFaults(faults)
      await world.snapshot()
    }
    const rows = await readRows(world)
    expect(rows.snapshots.map(({ status }) => status)).toEqual(['completed', 'incomplete', 'failed', 'completed'])
    expect(rows.changes.filter(({ change }) => change === 'resolved').length).toBeGreaterThan(0)

    for (const { snapshotId, missingPairs, missingKbs, missingMachines } of rows.snapshots) {
      const missing = missingAt(rows, snapshotId)
      expect(missing).toHaveLength(missingPairs)
      expect(new Set(missing.map(({ kbId }) => kbId)).size).toBe(missingKbs)
      expect(new Set(missing.map(({ machineId }) => machineId)).size).toBe(missingMachines)
      // `Missing pairs by day` reads one or the other.
      expect(rows.totals.get(snapshotId)?.reduce((sum, { machinesMissing }) => sum + machinesMissing, 0)).toBe(missingPairs)
    }
    for (const start of rows.snapshots) {
      for (const end of rows.snapshots.filter(({ snapshotId }) => snapshotId >= start.snapshotId)) {
        const between = rows.changes.filter(({ snapshotId }) => snapshotId > start.snapshotId && snapshotId <= end.snapshotId)
        const appeared = between.filter(({ change }) => change === 'appeared').length
        expect(start.missingPairs + appeared - (between.length - appeared)).toBe(end.missingPairs)
      }
    }
  })
})

async function readRows({ store }: World): Promise<Rows> {
  const rows: Rows = { snapshots: [], intervals: [], changes: [], totals: new Map() }
  for await (const snapshot of store.snapshots.range('2', '3')) rows.snapshots.push(snapshot)
  for await (const page of store.machines.pages()) {
    for (const { machineId } of page) {
      const { intervals } = await store.missingKbs.read(machineId)
      rows.intervals.push(...intervals.map((interval) => ({ ...interval, machineId })))
    }
  }
  for (const { snapshotId } of rows.snapshots) {
    const totals: KbTotal[] = []
    for await (const page of store.kbTotals.pages(snapshotId)) totals.push(...page)
    rows.totals.set(snapshotId, totals)
    for (const bucket of BUCKETS) {
      for await (const page of store.changes.pages({ snapshotId, bucket })) rows.changes.push(...page)
    }
  }
  return rows
}
