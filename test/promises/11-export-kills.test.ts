import { expect, it } from 'vitest'
import { comparableRows, type Rows } from '../../dev/comparable-rows.ts'
import { openTenant } from '../../src/open-tenant.ts'
import { openStore } from '../../src/store/index.ts'
import { tick } from '../../src/sync/index.ts'
import { begin, type FrozenWorld, type Run, snapshotAt, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import { Mortal } from '../support/mortal.ts'
import { sized } from '../support/test-size.ts'
import { TABLES } from '../support/two-looks.ts'
import { DAY, MINUTE, openTablesOf, REFERENCE, takeSnapshot } from '../support/world.ts'

const EXPORT = { SOURCE: 'export', EXPORT_SAMPLE: '0' }
/** Of some two hundred points to die at. */
const STRIDE = sized(11, 1)

/** Takes two exports, the second one with a kill; what is left, and how many points there were to die at. */
async function takeTwo(
  frozen: FrozenWorld,
  prefix: string,
  at: number,
): Promise<{ rows: Rows; machines: (number | null)[]; points: number }> {
  const run = await startRun(frozen, prefix, EXPORT)
  const { simulator } = frozen.world
  simulator.setFaults({ fileFewerMachines: false })
  await snapshotAt(frozen, run, REFERENCE)
  const before = await lastMachines(run)
  simulator.setFaults({ fileFewerMachines: { share: 0.15 } })
  await begin(frozen, run, REFERENCE + 16 * DAY)
  const points = await liveOnce(run, prefix, at)
  // The dead one's lease runs out.
  run.clock.advance(2 * MINUTE)
  const { store } = openTenant(run.services)
  if ((await store.tenant.get())?.tenant.activeSnapshotId !== null) await takeSnapshot(run.services, run.clock)
  const openTable = openTablesOf(run.services)
  const rows = await comparableRows((name) => openTable(`${prefix}${name}`), [...TABLES, 'exports'])
  return { rows, machines: [before, await lastMachines(run)], points }
}

/** How many machines the last export spoke of. */
async function lastMachines({ services }: Run): Promise<number | null> {
  return (await openTenant(services).store.tenant.get())?.tenant.lastExportMachines ?? null
}

async function liveOnce({ services }: Run, prefix: string, at: number): Promise<number> {
  const mortal = new Mortal(at)
  const openTable = openTablesOf(services)
  const store = openStore((name) => mortal.table(openTable(name)), prefix)
  await Promise.race([tick({ ...services, store, defender: mortal.defender(services.defender) }), mortal.died])
  return mortal.points
}

it('ends with the same rows wherever a slice that reads an export dies', async () => {
  const frozen = await startFrozenWorld({ tables: 'tableService', machines: 16 })
  const undisturbed = await takeTwo(frozen, 'whole', Infinity)
  expect(undisturbed.points).toBeGreaterThan(50)
  // Else a number that was not written would be the right one.
  expect(new Set(undisturbed.machines).size).toBe(2)
  expect(JSON.stringify([...undisturbed.rows.values()])).toContain('"export"')
  for (let at = 0; at < undisturbed.points; at += STRIDE) {
    const { rows, machines } = await takeTwo(frozen, `k${at}x`, at)
    expect({ rows, machines }, `killed at ${at}`).toEqual({ rows: undisturbed.rows, machines: undisturbed.machines })
  }
})
