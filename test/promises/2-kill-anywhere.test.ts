import { describe, expect, it } from 'vitest'
import { openTenant } from '../../src/open-tenant.ts'
import type { DefenderClient } from '../../src/defender/index.ts'
import { openStore } from '../../src/store/index.ts'
import { tick } from '../../src/sync/index.ts'
import { expectConsistent } from '../support/consistency.ts'
import { begin, type FrozenWorld, snapshotAt, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import { Mortal } from '../support/mortal.ts'
import { comparableRows } from '../../dev/comparable-rows.ts'
import { expectEverythingHappens, LOOKS, NO_FAULTS, setFaultsOf, TABLES } from '../support/two-looks.ts'
import { MINUTE, openTablesOf, REFERENCE, takeSnapshot, type World } from '../support/world.ts'
import { sized } from '../support/test-size.ts'

/** Puts other words into Defender's mouth. */
type Answering = (frozenWorld: FrozenWorld, defender: DefenderClient) => DefenderClient

/** Takes the snapshots up to the given one, that one with a kill; returns all rows and how many points there were to die at. */
async function takeUpTo(
  frozenWorld: FrozenWorld,
  prefix: string,
  kill: { look: number; at: number },
  answering: Answering = (_, defender) => defender,
) {
  const fresh = await startRun(frozenWorld, prefix)
  const run = { ...fresh, services: { ...fresh.services, defender: answering(frozenWorld, fresh.services.defender) } }
  const openTable = openTablesOf(run.services)
  let points = 0
  for (const [look, at] of LOOKS.slice(0, kill.look + 1).entries()) {
    setFaultsOf(look, frozenWorld.world)
    await begin(frozenWorld, run, at)
    if (look === kill.look) points = await liveOnce(run.services, openTable, prefix, kill.at)
    // The dead one's lease runs out.
    run.clock.advance(2 * MINUTE)
    await finish(run)
  }
  return { rows: await comparableRows((name) => openTable(`${prefix}${name}`), TABLES), points }
}

/** Takes the active snapshot to its end, unless it ended already. */
async function finish({ services, clock }: Awaited<ReturnType<typeof startRun>>): Promise<void> {
  const read = await openTenant(services).store.tenant.get()
  if (read?.tenant.activeSnapshotId !== null) await takeSnapshot(services, clock)
}

async function liveOnce(
  services: World['services'],
  openTable: Parameters<typeof openStore>[0],
  prefix: string,
  at: number,
): Promise<number> {
  const mortal = new Mortal(at)
  const store = openStore((name) => mortal.table(openTable(name)), prefix)
  await Promise.race([tick({ ...services, store, defender: mortal.defender(services.defender) }), mortal.died])
  return mortal.points
}

/** Takes the first look, kills the second one, and finishes it under other circumstances; the ids of both snapshots. */
async function takeTwoAndChange(
  frozenWorld: FrozenWorld,
  prefix: string,
  at: number,
  change: () => void,
): Promise<{ services: World['services']; snapshotIds: string[] }> {
  const run = await startRun(frozenWorld, prefix)
  const [first = 0, second = 0] = LOOKS
  frozenWorld.world.simulator.setFaults(NO_FAULTS)
  const firstId = await snapshotAt(frozenWorld, run, first)
  await begin(frozenWorld, run, second)
  await liveOnce(run.services, openTablesOf(run.services), prefix, at)
  change()
  run.clock.advance(2 * MINUTE)
  await finish(run)
  const read = await openTenant(run.services).store.tenant.get()
  return { services: run.services, snapshotIds: [firstId, read?.tenant.lastEndedSnapshotId ?? ''] }
}

/** Adds 150 KBs to one machine's answers in the first look. */
const manyKbs: Answering = ({ world, frozen }, defender) => ({
  ...defender,
  missingKbs: async (...args) => {
    const answer = await defender.missingKbs(...args)
    const [machineId] = [...world.simulator.truth(REFERENCE).keys()].sort()
    if (answer.kind !== 'observed' || frozen.at !== REFERENCE || args[0] !== machineId) return answer
    const more = Array.from({ length: 150 }, (_, index) => ({
      kbId: String(6_000_000 + index),
      kbName: null,
      productsNames: [`product_${index % 3}`],
      url: null,
      cveAddressed: 1,
      machineMissedOn: 1,
      osBuild: null,
    }))
    return { ...answer, kbs: [...answer.kbs, ...more] }
  },
})

describe('promise 2: kill anywhere, resume, same result', () => {
  for (const look of LOOKS.keys()) {
    it(
      `holds for a kill before and after every single trip of the ${look === 0 ? 'first' : 'second'} snapshot`,
      { timeout: 900_000 },
      async () => {
        const frozenWorld = await startFrozenWorld({ machines: 20, seed: 18, tables: 'tableService' })
        const undisturbed = await takeUpTo(frozenWorld, 'undisturbed', { look, at: Infinity })
        if (look === 1) expectEverythingHappens([...undisturbed.rows.values()])
        expect(undisturbed.points).toBeGreaterThan(60)
        for (let at = 1; at <= undisturbed.points; at += sized(9, 1)) {
          const killed = await takeUpTo(frozenWorld, `k${at}`, { look, at })
          expect(killed.rows, `killed at point ${at} of ${undisturbed.points}`).toEqual(undisturbed.rows)
        }
      },
    )
  }

  it('holds for a machine with more KBs than one transaction takes, when they come and when they go', { timeout: 900_000 }, async () => {
    const frozenWorld = await startFrozenWorld({ machines: 4, seed: 3, tables: 'tableService' })
    for (const look of LOOKS.keys()) {
      const undisturbed = await takeUpTo(frozenWorld, `many${look}`, { look, at: Infinity }, manyKbs)
      expect([...undisturbed.rows.keys()].filter((key) => key.startsWith('missingkbs')).length).toBeGreaterThan(150)
      for (let at = 1; at <= undisturbed.points; at += sized(45, 5)) {
        const killed = await takeUpTo(frozenWorld, `many${look}k${at}`, { look, at }, manyKbs)
        expect(killed.rows, `killed at point ${at} of ${undisturbed.points}`).toEqual(undisturbed.rows)
      }
    }
  })

  const circumstances: Record<string, (frozenWorld: FrozenWorld) => void> = {
    'Defender has gone back to what it said before': ({ frozen }) => (frozen.at = REFERENCE),
    'Defender refuses the app': ({ world }) => world.simulator.setFaults({ missingRole: {} }),
  }
  for (const [name, change] of Object.entries(circumstances)) {
    it(`keeps intervals, changes and machines of one mind when ${name} after the kill`, { timeout: 900_000 }, async () => {
      const frozenWorld = await startFrozenWorld({ machines: 20, seed: 18, tables: 'tableService' })
      // Not every point: the phases are long enough for each to be met.
      for (let at = 3; at <= 130; at += sized(17, 5)) {
        const { services, snapshotIds } = await takeTwoAndChange(frozenWorld, `k${at}`, at, () => change(frozenWorld))
        await expectConsistent(services, snapshotIds)
      }
    })
  }
})
