import { expect } from 'vitest'
import { type Change, isEnded, isOpen, projectChanges } from '../../src/domain/index.ts'
import type { OneTenantServices } from '../../src/program.ts'
import { openTenant } from '../../src/open-tenant.ts'
import { bucketOf, BUCKETS } from '../../src/store/index.ts'

/**
 * What must hold of a tenant's rows after any snapshot: the changes of each snapshot are those of the intervals, no more and no
 * fewer, in the buckets that the snapshot names, and what a machine's row says it is missing is what its open intervals say.
 */
export async function expectConsistent(services: OneTenantServices, snapshotIds: readonly string[]): Promise<void> {
  const { store } = openTenant(services)
  const expected = new Map(snapshotIds.map((snapshotId): [string, Change[]] => [snapshotId, []]))
  for await (const page of store.machines.pages()) {
    for (const machine of page) {
      const { intervals } = await store.missingKbs.read(machine.machineId)
      const open = intervals
        .filter(isOpen)
        .map(({ kbId }) => kbId)
        .sort()
      expect(machine.missingKbIds, `cache of ${machine.machineId}`).toEqual(open)
      expect(machine.missing).toBe(open.length)
      for (const [snapshotId, changes] of expected) changes.push(...projectChanges(machine, intervals, snapshotId))
    }
  }
  for (const [snapshotId, changes] of expected) {
    const found: Change[] = []
    for (const bucket of BUCKETS) for await (const page of store.changes.pages({ snapshotId, bucket })) found.push(...page)
    const line = (change: Change) => `${change.machineId} ${change.kbId} ${change.change} ${change.reason}`
    expect(found.map(line).sort(), `changes of ${snapshotId}`).toEqual(changes.map(line).sort())
    const row = await store.snapshots.get(snapshotId)
    const changed = BUCKETS.filter((bucket) => found.some(({ machineId }) => bucketOf(machineId) === bucket))
    if (row && isEnded(row)) expect(row.changedBuckets, `buckets of ${snapshotId}`).toBe(changed.join(''))
  }
}
