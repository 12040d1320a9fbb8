import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Azurite, startAzurite } from '../../dev/azurite.ts'
import { HOUR, MINUTE, REFERENCE, startWorld, takeSnapshot, type World } from '../support/world.ts'
import { Mortal } from '../support/mortal.ts'
import { tick } from '../../src/sync/index.ts'

const QUOTA = { machines: { perMinute: 100, perHour: 1500 }, missingKbs: { perMinute: 50, perHour: 1500 } }
const environment = { SYNC_CALLS_PER_MINUTE: '50', SYNC_CALLS_PER_HOUR: '1500' }

let tables: Azurite
beforeAll(async () => {
  tables = await startAzurite()
})
afterAll(() => tables.close())

describe('promise 4: quotas are never exceeded', () => {
  it('takes a snapshot of 400 machines at full speed without a single 429', async () => {
    const world = await startWorld({ tables, machines: 400, quota: QUOTA, environment: { ...environment, TABLE_PREFIX: 'speed' } })
    await world.tick()
    const started = world.clock.now()
    const id = await world.snapshot()
    const row = await world.store.snapshots.get(id)
    expect(row).toMatchObject({ status: 'completed', throttled: 0 })
    expect(world.simulator.quotaViolations).toBe(0)
    // 50 a minute, the first at once, and two minutes for the schedule and the last tick.
    expect(world.clock.now() - started).toBeLessThanOrEqual((Math.ceil((row?.wanted ?? 0) / 50) + 3) * MINUTE)
  })

  it('holds them through kills: a dead slice may have sent all that it reserved', async () => {
    const world = await startWorld({ tables, machines: 120, quota: QUOTA, environment: { ...environment, TABLE_PREFIX: 'kills' } })
    await world.tick()
    world.clock.advance(3 * MINUTE)
    for (let life = 0; life < 12; life++) {
      const mortal = new Mortal(15 + 17 * life)
      await Promise.race([tick({ ...world.services, defender: mortal.defender(world.services.defender) }), mortal.died])
      await mortal.landed()
      world.clock.advance(2 * MINUTE)
    }
    await finish(world)
    expect(world.simulator.quotaViolations).toBe(0)
  })

  it('stops the slice at a 429 and makes the tenant wait for Retry-After', async () => {
    const world = await startWorld({
      tables,
      environment: { TABLE_PREFIX: 'refused' },
      machines: 40,
      faults: { throttled: { retryAfterSeconds: 600, limit: 1 } },
    })
    await world.tick()
    world.clock.set(REFERENCE + 2 * MINUTE)
    const result = await world.tick()
    expect(result).toMatchObject({ kind: 'more', stop: { kind: 'throttled', retryAfterSeconds: 600 } })
    const calls = world.simulator.requests.entries.length
    for (const minutes of [1, 5, 9]) {
      world.clock.set(REFERENCE + (2 + minutes) * MINUTE)
      expect((await world.tick()).kind).toBe('waiting')
    }
    expect(world.simulator.requests.entries.length).toBe(calls)
    const id = await takeSnapshot(world.services, world.clock)
    expect(await world.store.snapshots.get(id)).toMatchObject({ status: 'completed', unknown: 0 })
    expect(world.clock.now()).toBeGreaterThan(REFERENCE + 12 * MINUTE)
    expect(world.clock.now()).toBeLessThan(REFERENCE + HOUR)
  })
})

describe('a tick that finds the hour used up', () => {
  const hourly = { ...environment, SYNC_CALLS_PER_HOUR: '60' }
  const slices = (world: World) => world.log.filter(({ event }) => event === 'slice.ended').map(({ fields }) => fields.calls)

  it('takes no slice until there are calls again', async () => {
    const world = await startWorld({ tables, machines: 200, environment: { ...hourly, TABLE_PREFIX: 'hour' } })
    await world.tick()
    const started = world.clock.now()
    const id = await world.snapshot()
    expect(await world.store.snapshots.get(id)).toMatchObject({ status: 'completed' })
    // 60 calls an hour: as many hours as there are sixties, less the first.
    expect(world.clock.now() - started).toBeGreaterThan(2 * HOUR)
    expect(slices(world)).not.toContain(0)
    expect(world.log.filter(({ event }) => event === 'slice.ended').length).toBeLessThan(20)
  })

  it('goes on at once when the quota is raised', async () => {
    const world = await startWorld({ tables, machines: 200, environment: { ...hourly, TABLE_PREFIX: 'raised' } })
    await world.tick()
    world.clock.advance(3 * MINUTE)
    let result = await world.tick()
    for (; result.kind !== 'waiting'; result = await world.tick()) world.clock.advance(MINUTE)
    const raised = await world.another({ environment: { SYNC_CALLS_PER_HOUR: '1500' } })
    expect((await tick(raised)).kind).toBe('more')
    await takeSnapshot(raised, world.clock)
    expect(world.clock.now() - REFERENCE).toBeLessThan(HOUR)
  })
})

async function finish(world: Awaited<ReturnType<typeof startWorld>>): Promise<void> {
  const read = await world.store.tenant.get()
  if (read?.tenant.activeSnapshotId !== null) await world.snapshot()
}
