import { expect } from 'vitest'
import type { Services } from '../../src/program.ts'
import { BUCKETS, cachedKbIds, type ChangeRow, isOpen } from '../../src/store/index.ts'
import { projectChanges } from '../../src/sync/project.ts'

/**
 * What must hold of a tenant's rows after any snapshot: the changes of each snapshot are those of the intervals, no more and no
 * fewer, and what a machine's row says it is missing is what its open intervals say.
 */
export async function expectConsistent({ store, config }: Services, snapshotIds: readonly string[]): Promise<void> {
  const { tenantId } = config.defender
  const expected = new Map(snapshotIds.map((snapshotId): [string, ChangeRow[]] => [snapshotId, []]))
  for await (const page of store.machines.pages(tenantId)) {
    for (const machine of page) {
      const { intervals } = await store.missingKbs.read(tenantId, machine.machineId)
      const open = intervals
        .filter(isOpen)
        .map(({ kbId }) => kbId)
        .sort()
      expect(cachedKbIds(machine), `cache of ${machine.machineId}`).toEqual(open)
      expect(machine.missing).toBe(open.length)
      for (const [snapshotId, changes] of expected) changes.push(...projectChanges(machine, intervals, snapshotId))
    }
  }
  for (const [snapshotId, changes] of expected) {
    const found: ChangeRow[] = []
    for (const bucket of BUCKETS) for await (const page of store.changes.pages({ tenantId, snapshotId, bucket })) found.push(...page)
    const line = (change: ChangeRow) => `${change.machineId} ${change.kbId} ${change.change} ${change.reason}`
    expect(found.map(line).sort(), `changes of ${snapshotId}`).toEqual(changes.map(line).sort())
  }
}
