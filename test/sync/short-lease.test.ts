import { describe, expect, it } from 'vitest'
import { tick } from '../../src/sync/index.ts'
import { faultOf, finish, machineOf, START, startScriptedWorld } from '../support/scripted-world.ts'
import { MINUTE } from '../support/world.ts'

const SECOND = 1_000
const SHORT = [2, 3, 10, 30, 60, 89]

/** A process that looks after each of its sleeps whether another could have taken the tenant meanwhile. */
async function startWatched(environment: Record<string, string>, machines: number) {
  const world = await startScriptedWorld(environment)
  world.script.machines = Array.from({ length: machines }, (_, index) => machineOf(index))
  const lost: number[] = []
  const clock = {
    now: () => world.clock.now(),
    sleep: async (milliseconds: number) => {
      await world.clock.sleep(milliseconds)
      const { leaseOwner, leaseUntil } = (await world.tenant()).tenant
      if (leaseOwner !== null && Date.parse(leaseUntil ?? '') < world.clock.now()) lost.push(milliseconds)
    },
  }
  return { ...world, watched: world.another({}, clock), lost }
}

describe('a lease of less than 90 s', () => {
  it.each(SHORT)('of %i s is kept while a slice waits for its budget', async (leaseSeconds) => {
    const world = await startWatched({ SYNC_LEASE_SECONDS: String(leaseSeconds), SYNC_CALLS_PER_MINUTE: '5' }, 12)
    world.script.callMilliseconds = 200
    const snapshotId = await world.begin(START)
    await tick(world.watched)
    const before = world.script.calls
    // The first calls are free again in 18 s or so.
    world.clock.at = START + MINUTE - 17 * SECOND
    expect((await tick(world.watched)).kind).toBe('more')
    expect(world.script.calls - before).toBe(5)
    await finish(world.watched, world.clock, 10)
    expect(await world.row(snapshotId)).toMatchObject({ status: 'completed', observed: 12 })
    expect(world.lost).toEqual([])
  })

  it.each([2, 3, 89])('of %i s is kept while a slice waits to ask again', async (leaseSeconds) => {
    const world = await startWatched({ SYNC_LEASE_SECONDS: String(leaseSeconds) }, 1)
    let asked = 0
    world.script.missingKbs = () => (++asked <= 3 ? faultOf('transient', 500) : undefined)
    world.script.callMilliseconds = 900
    const snapshotId = await world.begin(START)
    await finish(world.watched, world.clock, 3)
    expect(await world.row(snapshotId)).toMatchObject({ status: 'completed', observed: 1, retries: 3 })
    expect(world.lost).toEqual([])
  })
})
