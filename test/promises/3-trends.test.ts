import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tick } from '../../src/sync/index.ts'
import { expectGroups, expectTrends } from '../support/check-trends.ts'
import { Mortal } from '../support/mortal.ts'
import { type Look, looks, play } from '../support/played-fleet.ts'
import { finish, type ScriptedWorld, START, startScriptedWorld } from '../support/scripted-world.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

/** Takes the looks one after the other; the snapshots that ended. */
async function takeAll(world: ScriptedWorld, all: readonly Look[]): Promise<string[]> {
  const endedIds: string[] = []
  let at = START
  for (const [index, look] of all.entries()) {
    at += look.hours * HOUR
    play(world, look, at, index)
    const snapshotId = await world.begin(at)
    if (look.diesAt !== undefined) await die(world, look.diesAt)
    const { tenant } = await world.tenant()
    if (tenant.activeSnapshotId !== null) await finish(world.services, world.clock)
    endedIds.push(snapshotId)
  }
  return endedIds
}

/** A process that dies somewhere on its way; its lease runs out. */
async function die({ another, clock }: ScriptedWorld, diesAt: number): Promise<void> {
  const mortal = new Mortal(diesAt)
  await Promise.race([tick(another({}, clock, (client) => mortal.table(client))), mortal.died])
  await mortal.landed()
  clock.at += 2 * MINUTE
}

describe('promise 3: trends are algebra', () => {
  it('every point is what the intervals say, and points differ by their flows, whatever is killed', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(looks, async (all) => {
        const world = await startScriptedWorld({ SYNC_CONCURRENCY: '2' })
        const endedIds = await takeAll(world, all)
        await expectTrends(world.store, endedIds)
        await expectGroups(world.store, await world.store.trends.points({ from: '0', to: '9' }))
        expect((await world.tenant()).tenant).toMatchObject({ trendsSince: endedIds[0], trendsDerived: true })
      }),
      { numRuns: 40 },
    )
  })
})
