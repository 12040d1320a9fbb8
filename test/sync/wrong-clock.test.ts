import { describe, expect, it } from 'vitest'
import { healthOf } from '../../src/domain/index.ts'
import { tick } from '../../src/sync/index.ts'
import {
  faultOf,
  freeClock,
  gate,
  idOf,
  kbOf,
  machineOf,
  START,
  startScriptedWorld,
  type ScriptedWorld,
} from '../support/scripted-world.ts'
import { DAY, HOUR, MINUTE } from '../support/world.ts'

const AHEAD = 400 * DAY

async function startDaily(): Promise<ScriptedWorld> {
  const world = await startScriptedWorld({ SYNC_SCHEDULE: '0 0 2 * * *' })
  world.script.machines = [machineOf(1)]
  world.script.kbs.set(idOf(1), [kbOf('1'), kbOf('2')])
  return world
}

/** Days, of those given, on which a snapshot was taken ten minutes after it was due. */
async function daysWithSnapshot({ clock, services }: ScriptedWorld, from: number, to: number): Promise<number> {
  let taken = 0
  for (let day = from; day < to; day++) {
    // The tick before takes back what the wrong clock left.
    for (const minutes of [-10, 10]) {
      clock.at = START + day * DAY + minutes * MINUTE
      if ((await tick(services)).kind === 'ended') taken++
    }
  }
  return taken
}

describe('one tick by a clock that is 400 days ahead', () => {
  it('leaves the schedule as it is, and is not taken for a fresh snapshot', async () => {
    const world = await startDaily()
    expect(await tick(world.another({}, freeClock(START + AHEAD)))).toMatchObject({ kind: 'ended' })
    world.clock.at = START + HOUR
    const health = healthOf((await world.tenant()).tenant, { staleAfterMs: 2 * DAY, leastAssessed: 0.5 }, world.clock.at)
    expect(health.status).toBe('stale')
    // The first tick by a right clock may itself be the one that is behind; the second takes the schedule back.
    await tick(world.services)
    expect(await daysWithSnapshot(world, 1, 11)).toBe(10)
    expect(healthOf((await world.tenant()).tenant, { staleAfterMs: 2 * DAY, leastAssessed: 0.5 }, world.clock.at).status).toBe('ok')
  })

  it('does not hold the tenant for as long when it is killed', async () => {
    const world = await startDaily()
    const asked = gate()
    world.script.missingKbs = () => (asked.open(), new Promise(() => undefined))
    void tick(world.another({}, freeClock(START + AHEAD)))
    await asked.opened
    world.script.missingKbs = () => undefined
    world.clock.at = START + DAY
    expect((await tick(world.services)).kind).toBe('ended')
  })

  it('does not put off the next call for as long when it hears a 429', async () => {
    const world = await startDaily()
    world.script.missingKbs = () => faultOf('throttled', 429, { retryAfterSeconds: 5 })
    await tick(world.another({}, freeClock(START + AHEAD)))
    world.script.missingKbs = () => undefined
    world.clock.at = START + DAY
    expect((await tick(world.services)).kind).toBe('ended')
  })

  it('makes no machine silent in the snapshots that follow, whose ids stay ahead', async () => {
    const world = await startDaily()
    await tick(world.another({}, freeClock(START + AHEAD)))
    world.script.machines = [machineOf(1, { lastSeen: new Date(START + DAY - HOUR).toISOString() })]
    world.script.kbs.set(idOf(1), [kbOf('1')])
    expect(await world.changesOf(await world.snapshot(START + DAY))).toEqual(['1 2 resolved installed'])
  })
})

describe('a clock that is behind', () => {
  it('for one tick makes no start due again', async () => {
    const world = await startDaily()
    world.clock.at = START + DAY
    expect((await tick(world.services)).kind).toBe('ended')
    world.clock.at += 2 * MINUTE
    expect((await tick(world.services)).kind).toBe('ended')
    expect((await tick(world.another({}, freeClock(START - DAY)))).kind).toBe('idle')
    world.clock.at += MINUTE
    expect((await tick(world.services)).kind).toBe('idle')
  })

  it('within a slice makes its start due no second time', async () => {
    const world = await startDaily()
    world.clock.at = Date.parse('2026-03-03T02:00:00.040Z')
    world.script.missingKbs = () => {
      world.clock.at -= 2_000
      return undefined
    }
    expect((await tick(world.services)).kind).toBe('ended')
    world.clock.at = Date.parse('2026-03-03T02:01:00Z')
    expect((await tick(world.services)).kind).toBe('idle')
  })
})
