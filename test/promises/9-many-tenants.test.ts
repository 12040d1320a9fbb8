import { beforeAll, describe, expect, it } from 'vitest'
import { simulatedClock } from '../../dev/simulated-clock.ts'
import { requestSnapshot } from '../../src/sync/index.ts'
import { Instances, type InstancesOptions } from '../support/instances.ts'
import { type ManyWorld, startManyWorld } from '../support/many-world.ts'
import { type AtEnd, sharing } from '../support/sharing.ts'
import { openClient } from '../support/table-services.ts'
import { comparableRows, type Rows } from '../../dev/comparable-rows.ts'
import { LOOKS, TABLES } from '../support/two-looks.ts'
import { MINUTE, takeSnapshot } from '../support/world.ts'
import { sized } from '../support/test-size.ts'

/** Rows of a tenant in the tables of a prefix. */
async function rowsOf({ tables }: ManyWorld, prefix: string, tenantId: string): Promise<Rows> {
  const rows = await comparableRows((name) => openClient(tables, `${prefix}${name}`), TABLES)
  return new Map([...rows].filter(([key]) => key.split(' ')[1]?.startsWith(tenantId)))
}

/** Takes both looks of a tenant in an app of its own. */
async function takeAlone(world: ManyWorld, tenantId: string, prefix: string): Promise<Rows> {
  for (const at of LOOKS) {
    world.frozen.at = at
    const clock = simulatedClock(at)
    const services = world.alone(tenantId, prefix, clock)
    await requestSnapshot(services.store.of(tenantId), at)
    clock.advance(MINUTE)
    await takeSnapshot(services, clock)
  }
  return rowsOf(world, prefix, tenantId)
}

/** Takes both looks of all tenants in one app. */
async function takeTogether(world: ManyWorld, prefix: string, options: InstancesOptions = {}, minutes = 30): Promise<Instances> {
  await world.register(prefix)
  const instances = new Instances(world, prefix, options)
  for (const at of LOOKS) {
    world.frozen.at = at
    const { store } = world.open(prefix, simulatedClock(at))
    for (const tenantId of world.tenantIds) await requestSnapshot(store.of(tenantId), at)
    await instances.run(at + MINUTE, at + minutes * MINUTE)
  }
  return instances
}

const THREE = [{ machines: 20 }, { machines: 7 }, { machines: 60 }]
/** A few calls a minute, so that a snapshot takes several slices; none starts by itself. */
const SLOWLY = { SYNC_CALLS_PER_MINUTE: '20', SYNC_SCHEDULE: '0 0 0 1 1 *' }

async function expectAsAlone(world: ManyWorld, prefix: string): Promise<void> {
  for (const tenantId of world.tenantIds) {
    const alone = await rowsOf(world, `a${tenantId.slice(0, 8)}`, tenantId)
    expect(await rowsOf(world, prefix, tenantId), `rows of ${tenantId}`).toEqual(alone)
  }
}

async function startCompared(atEnd: AtEnd): Promise<ManyWorld> {
  const world = await startManyWorld({ tenants: THREE, environment: SLOWLY, atEnd })
  for (const tenantId of world.tenantIds) {
    const alone = await takeAlone(world, tenantId, `a${tenantId.slice(0, 8)}`)
    expect(alone.size).toBeGreaterThan(20)
  }
  return world
}

describe('promise 9: many tenants in one app', () => {
  let world: ManyWorld
  beforeAll(() => sharing(async (atEnd) => void (world = await startCompared(atEnd))))

  it('have the rows that each has in an app of its own', { timeout: 120_000 }, async () => {
    const { deliveries } = await takeTogether(world, 'm')
    await expectAsAlone(world, 'm')
    expect(deliveries.filter(({ result }) => result.kind === 'ended')).toHaveLength(6)
    expect(new Set(deliveries.map(({ result }) => result.kind))).toEqual(new Set(['ended', 'more']))
  })

  it('have them though workers are killed at every other point of their slices', { timeout: 600_000 }, async () => {
    for (const [index, step] of [3, 17, 7, 41].slice(0, sized(2, 4)).entries()) {
      const { deliveries } = await takeTogether(
        world,
        `k${index}`,
        { diesAt: (count) => (count % 3 === 2 ? Infinity : 1 + ((count * step) % 60)) },
        90,
      )
      expect(deliveries.filter(({ result }) => result.kind === 'killed').length).toBeGreaterThan(10)
      await expectAsAlone(world, `k${index}`)
    }
  })

  it('have them though ticks are killed at every point, and messages are lost and doubled', { timeout: 600_000 }, async () => {
    const options: InstancesOptions = {
      tickDiesAt: (ticks) => (ticks % 3 === 0 ? Infinity : 1 + (ticks % 9)),
      onTheWay: (messages, nowMs) =>
        (nowMs / MINUTE) % 4 === 0 ? [] : messages.flatMap((message) => Array.from({ length: 10 }, () => message)),
    }
    const { deliveries } = await takeTogether(world, 't', options, 90)
    await expectAsAlone(world, 't')
    const kinds = deliveries.map(({ result }) => (result.kind === 'ignored' ? result.why : result.kind))
    expect(kinds.filter((kind) => kind === 'stale').length).toBeGreaterThan(20)
    expect(kinds).not.toContain('failed')
  })
})
