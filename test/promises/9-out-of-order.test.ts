import { describe, expect, it } from 'vitest'
import type { Fault } from '../../src/defender/index.ts'
import { healthOf } from '../../src/domain/index.ts'
import { tick } from '../../src/sync/index.ts'
import { faultOf, finish, idOf, kbOf, machineOf, START, startScriptedWorld, type ScriptedWorld } from '../support/scripted-world.ts'
import { HOUR, MINUTE } from '../support/world.ts'

const MACHINES = 60
const NO_TOKEN: { kind: 'fault'; fault: Fault } = {
  kind: 'fault',
  fault: { kind: 'identity', code: 'credentialUnavailable', detail: 'network_error: no answer of tenant contoso' },
}

async function startFleet(environment: Record<string, string> = {}): Promise<ScriptedWorld> {
  const world = await startScriptedWorld(environment)
  world.script.machines = Array.from({ length: MACHINES }, (_, index) => machineOf(index))
  for (const { machineId } of world.script.machines) world.script.kbs.set(machineId, [kbOf('1')])
  return world
}

const health = async ({ clock, tenant }: ScriptedWorld) =>
  healthOf((await tenant()).tenant, { staleAfterMs: HOUR, leastAssessed: 0.5 }, clock.at)

describe('promise 1: no token is no call', () => {
  it('an outage in the middle costs no machine, no call and no hour', async () => {
    const world = await startFleet({ SYNC_CALLS_PER_HOUR: String(MACHINES + 8) })
    const snapshotId = await world.begin(START)
    const sent = new Set<string>()
    let isOut = true
    world.script.missingKbs = (machineId) => {
      if (sent.size >= 12 && isOut) return NO_TOKEN
      sent.add(machineId)
      return undefined
    }
    expect(await tick(world.services)).toMatchObject({ kind: 'more', stop: { kind: 'identity' } })
    const since = (await world.tenant()).tenant.identitySince
    expect(since).toBe(new Date(START).toISOString())
    expect(await health(world)).toEqual({ status: 'blocked', detail: expect.stringMatching(new RegExp(`identity .* ${since}`)) as unknown })
    expect(JSON.stringify(await health(world))).not.toContain('contoso')

    world.clock.at += MINUTE
    expect(await tick(world.services)).toMatchObject({ kind: 'more', stop: { kind: 'identity' } })
    expect((await world.tenant()).tenant).toMatchObject({ identitySince: since, activeCalls: 14 })

    isOut = false
    world.clock.at += MINUTE
    const begun = world.clock.at
    await finish(world.services, world.clock)
    expect(world.clock.at - begun).toBeLessThan(2 * MINUTE)
    expect(await world.row(snapshotId)).toMatchObject({
      status: 'completed',
      observed: MACHINES,
      unknown: 0,
      calls: MACHINES + 2,
      retries: 0,
    })
    expect((await world.tenant()).tenant).toMatchObject({ identitySince: null, identityDetail: null })
    expect(await health(world)).toEqual({ status: 'ok' })
  })

  it('an outage from the start fails no snapshot, however long it is', async () => {
    const world = await startFleet()
    const snapshotId = await world.begin(START)
    world.script.list = () => NO_TOKEN
    for (let minute = 0; minute < 30; minute++) {
      expect(['more', 'waiting']).toContain((await tick(world.services)).kind)
      world.clock.at += MINUTE
    }
    expect((await world.tenant()).tenant.activeCalls).toBe(0)
    world.script.list = () => undefined
    await finish(world.services, world.clock)
    expect(await world.row(snapshotId)).toMatchObject({ status: 'completed', listingFailures: 0, observed: MACHINES })
  })

  it('a wrong secret still fails the snapshot, in the words of the platform, and is no call either', async () => {
    const world = await startFleet()
    world.script.list = () => ({
      kind: 'fault',
      fault: { kind: 'unauthorized', code: 'credentialUnavailable', detail: 'AADSTS7000215: Invalid client secret' },
    })
    expect(await world.row(await world.snapshot(START))).toMatchObject({
      status: 'failed',
      errorCode: 'credentialUnavailable',
      errorDetail: 'AADSTS7000215: Invalid client secret',
      calls: 0,
    })
  })
})

describe('promise 4: a Defender that is out of order is left alone', () => {
  it('a 503 with Retry-After is heard like a 429', async () => {
    const world = await startFleet({ SYNC_CONCURRENCY: '4' })
    const snapshotId = await world.begin(START)
    world.script.missingKbs = () => faultOf('transient', 503, { retryAfterSeconds: 300 })
    expect(await tick(world.services)).toMatchObject({ kind: 'more', stop: { kind: 'throttled', retryAfterSeconds: 300 } })
    // Those that were under way, and whoever had taken their place when the first came back.
    expect(world.script.calls).toBeLessThanOrEqual(2 + 2 * 4)
    const { calls } = world.script
    world.clock.at = START + 4 * MINUTE
    expect(await tick(world.services)).toMatchObject({ kind: 'waiting' })
    expect(world.script.calls).toBe(calls)
    world.script.missingKbs = () => undefined
    world.clock.at = START + 6 * MINUTE
    await finish(world.services, world.clock)
    expect(await world.row(snapshotId)).toMatchObject({ status: 'completed', unknown: 0, throttled: 0 })
  })

  it.each([
    ['500 without a word', faultOf('transient', 500)],
    ['a gateway that refuses', faultOf('transient', 403)],
    ['no connection', { kind: 'fault', fault: { kind: 'transient', code: 'connectionFailed', detail: 'x' } } as const],
  ])('ten different machines on end with %s stop the slice', async (_, fault) => {
    const world = await startFleet({ SYNC_CONCURRENCY: '1' })
    const snapshotId = await world.begin(START)
    const failing = new Set<string>()
    world.script.missingKbs = (machineId) => {
      if (machineId < idOf(20)) return undefined
      failing.add(machineId)
      return fault
    }
    expect(await tick(world.services)).toMatchObject({ kind: 'more', stop: { kind: 'throttled' } })
    expect(failing.size).toBe(10)
    // The list in two pages, twenty answers, nine machines with four attempts at most and the tenth with one.
    expect(world.script.calls).toBeLessThanOrEqual(2 + 20 + 9 * 4 + 1)
    world.script.missingKbs = () => undefined
    await finish(world.services, world.clock)
    expect(await world.row(snapshotId)).toMatchObject({ status: 'completed', observed: MACHINES, unknown: 0 })
  })

  it('404s, which are word of one machine each, stop nothing', async () => {
    const world = await startFleet({ SYNC_CONCURRENCY: '1', SYNC_SLICE_SECONDS: '540' })
    await world.begin(START)
    world.script.missingKbs = () => faultOf('transient', 404)
    expect(await tick(world.services)).toMatchObject({ kind: 'ended' })
  })

  it('nor do failures with an answer between', async () => {
    const world = await startFleet({ SYNC_CONCURRENCY: '1', SYNC_SLICE_SECONDS: '540' })
    const snapshotId = await world.begin(START)
    const failing = MACHINES / 2
    world.script.missingKbs = (machineId) => (Number.parseInt(machineId, 16) % 2 === 0 ? undefined : faultOf('transient', 500))
    await tick(world.services)
    // All were asked; now that only those that fail are left, ten on end are soon together.
    expect(await world.row(snapshotId)).toMatchObject({ phase: 'retrying', observed: MACHINES - failing, unknown: failing })
  })

  it('machines that never answer come to an end all the same', async () => {
    const world = await startFleet()
    const snapshotId = await world.begin(START)
    world.script.missingKbs = () => faultOf('transient', 500)
    await finish(world.services, world.clock, 30)
    expect(await world.row(snapshotId)).toMatchObject({ status: 'incomplete', unknown: MACHINES })
  })
})
