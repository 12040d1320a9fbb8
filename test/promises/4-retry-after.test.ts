import { describe, expect, it } from 'vitest'
import { tick } from '../../src/sync/index.ts'
import { faultOf, freeClock, gate, idOf, machineOf, START, startScriptedWorld, type ScriptedWorld } from '../support/scripted-world.ts'
import { DAY, MINUTE } from '../support/world.ts'

const LONG_SECONDS = 1_800
const later = (retryAfterSeconds: number) => faultOf('throttled', 429, { retryAfterSeconds })

async function startFour(environment: Record<string, string> = {}): Promise<ScriptedWorld> {
  const world = await startScriptedWorld(environment)
  world.script.machines = [0, 1, 2, 3].map((index) => machineOf(index))
  await world.begin(START)
  return world
}

/** Whether the next tick, two minutes later, leaves Defender alone. */
async function expectSilence(world: ScriptedWorld, program = world.services): Promise<void> {
  const { calls } = world.script
  world.clock.at += 2 * MINUTE
  expect(await tick(program)).toMatchObject({ kind: 'waiting' })
  expect(world.script.calls).toBe(calls)
}

describe('promise 4: a 429 is heard, whatever else ends the slice', () => {
  it('the longest Retry-After of several that come at once counts', async () => {
    const world = await startFour()
    world.script.missingKbs = (machineId) => later(machineId === idOf(0) ? LONG_SECONDS : 1)
    await tick(world.services)
    expect(Date.parse((await world.tenant()).tenant.notBefore ?? '')).toBeGreaterThanOrEqual(START + LONG_SECONDS * 1_000)
    await expectSilence(world)
  })

  it('also after a clock that was far ahead heard one', async () => {
    const world = await startFour()
    world.script.missingKbs = () => later(LONG_SECONDS)
    await tick(world.another({}, freeClock(START + 400 * DAY)))
    world.clock.at = START + DAY
    expect(await tick(world.services)).toMatchObject({ kind: 'more', stop: { kind: 'throttled' } })
    await expectSilence(world)
  })

  it('the longest Retry-After of several counts', async () => {
    const world = await startFour()
    const first = gate()
    world.script.missingKbs = async (machineId) => {
      if (machineId !== idOf(0)) await first.opened
      // The one that stops the slice asks for less than those that were in flight.
      else setImmediate(first.open)
      return later(machineId === idOf(0) ? 1 : LONG_SECONDS)
    }
    await tick(world.services)
    expect(Date.parse((await world.tenant()).tenant.notBefore ?? '')).toBeGreaterThanOrEqual(START + LONG_SECONDS * 1_000)
    await expectSilence(world)
  })

  it('of a call that was in flight when the budget was used up', async () => {
    const world = await startFour({ SYNC_CALLS_PER_MINUTE: '2' })
    world.script.missingKbs = async () => {
      // The third call is refused without a trip anywhere, so a few turns are enough.
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
      return later(LONG_SECONDS)
    }
    expect(await tick(world.services)).toMatchObject({ kind: 'more', stop: { kind: 'budget' } })
    await expectSilence(world)
  })

  it('of a call that was in flight when the deadline came', async () => {
    const world = await startFour({ SYNC_CONCURRENCY: '2' })
    const late = gate()
    world.script.missingKbs = async (machineId) => {
      if (machineId === idOf(0)) {
        world.clock.at += 46_000
        late.open()
        return undefined
      }
      await late.opened
      return later(LONG_SECONDS)
    }
    expect(await tick(world.services)).toMatchObject({ kind: 'more', stop: { kind: 'deadline' } })
    await expectSilence(world)
  })

  it('by a process that dies before its slice is over', async () => {
    const world = await startFour()
    const heard = gate()
    world.script.missingKbs = (machineId) => (machineId === idOf(0) ? later(LONG_SECONDS) : new Promise(() => undefined))
    const dying = world.another({}, world.clock, (client, table) => {
      if (table === 'tenants')
        client.pipeline.addPolicy({
          name: 'heard',
          sendRequest: (request, next) =>
            next(request).finally(() => JSON.stringify(request.body ?? '').includes('notBefore') && heard.open()),
        })
      return client
    })
    void tick(dying)
    await heard.opened
    await expectSilence(world, world.another())
  })
})
