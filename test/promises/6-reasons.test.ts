import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Azurite, startAzurite } from '../../dev/azurite.ts'
import { openTenant } from '../../src/open-tenant.ts'
import type { Change } from '../../src/domain/index.ts'
import { BUCKETS } from '../../src/store/index.ts'
import { snapshotAt, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import { Oracle } from '../support/oracle.ts'
import { DAY, REFERENCE, WEEK } from '../support/world.ts'

const LOOKS = [0, 1, 2, 3, 4, 6, 8, 11, 15].map((week) => REFERENCE + week * WEEK)
describe('promise 6: every resolution has a reason with evidence', () => {
  let tables: Azurite
  beforeAll(async () => {
    tables = await startAzurite()
  })
  afterAll(() => tables.close())

  it('agrees with the simulator on every change in nine looks at 120 machines over fifteen weeks', async () => {
    const frozenWorld = await startFrozenWorld({ machines: 120, seed: 18, tables })
    const run = await startRun(frozenWorld, 'looks')
    const { store } = openTenant(run.services)
    const products = new Map<string, readonly string[]>()
    const oracle = new Oracle(frozenWorld.world.simulator, (kbId) => products.get(kbId) ?? [])
    const reasons = new Set<string>()
    for (const [look, at] of LOOKS.entries()) {
      const snapshotId = await snapshotAt(frozenWorld, run, at)
      const found: Change[] = []
      for (const bucket of BUCKETS) {
        for await (const page of store.changes.pages({ snapshotId, bucket })) found.push(...page)
      }
      for await (const page of store.kbs.pages()) for (const kb of page) products.set(kb.kbId, kb.productsNames)
      const machineIds: string[] = []
      for await (const page of store.machines.pages()) machineIds.push(...page.map(({ machineId }) => machineId))
      const lines = found.map((change) => `${change.machineId} ${change.kbId} ${change.change} ${change.reason}`).sort()
      expect(lines, `look ${look}`).toEqual(oracle.changes(at, machineIds))
      for (const change of found) {
        reasons.add(change.reason)
        if (change.reason === 'superseded') expect(change.replacedBy.length).toBeGreaterThan(0)
        if (change.change === 'resolved') expect(isBetween(change.lastMissingSnapshotId, change.appearedSnapshotId, snapshotId)).toBe(true)
      }
    }
    expect([...reasons].sort()).toEqual(
      expect.arrayContaining(['baseline', 'installed', 'machineAdded', 'new', 'removed', 'silent', 'superseded']),
    )
  })

  it('closes what a changed setting leaves out as excluded, and finds it again as reopened', async () => {
    const frozenWorld = await startFrozenWorld({ machines: 60, seed: 18, tables })
    const run = await startRun(frozenWorld, 'settings')
    const standing = { world: frozenWorld.world, frozen: { at: REFERENCE } }
    const first = await snapshotAt(standing, run, REFERENCE)
    const before = await openTenant(run.services).store.snapshots.get(first)
    const settings = [{ MACHINE_PLATFORMS: 'WindowsServer' }, { MACHINE_FILTER: "osPlatform eq 'Windows11'" }]
    for (const [index, environment] of settings.entries()) {
      const narrowed = {
        ...run,
        services: await frozenWorld.world.another({
          environment: { SYNC_SCHEDULE: '0 0 0 1 1 *', TABLE_PREFIX: 'settings', ...environment },
          clock: run.clock,
        }),
      }
      const excluding = await snapshotAt(standing, narrowed, REFERENCE + (2 * index + 1) * DAY)
      const row = await openTenant(run.services).store.snapshots.get(excluding)
      expect(row).toMatchObject({ status: 'completed', appeared: 0 })
      expect(row?.resolved).toBeGreaterThan(0)
      expect(row?.missingPairs).toBe((before?.missingPairs ?? 0) - (row?.resolved ?? 0))
      expect(await reasonsOf(run.services, excluding)).toEqual(['excluded'])
      const again = await snapshotAt(standing, run, REFERENCE + (2 * index + 2) * DAY)
      expect(await openTenant(run.services).store.snapshots.get(again)).toMatchObject({
        status: 'completed',
        appeared: row?.resolved,
        missingPairs: before?.missingPairs,
      })
      expect(await reasonsOf(run.services, again)).toEqual(['reopened'])
    }
  })
})

async function reasonsOf(services: Awaited<ReturnType<typeof startRun>>['services'], snapshotId: string): Promise<string[]> {
  const { store } = openTenant(services)
  const reasons = new Set<string>()
  for (const bucket of BUCKETS) {
    for await (const page of store.changes.pages({ snapshotId, bucket })) for (const { reason } of page) reasons.add(reason)
  }
  return [...reasons]
}

const isBetween = (id: string | null, first: string, end: string) => id !== null && id >= first && id < end
