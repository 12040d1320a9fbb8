import { describe, expect, it } from 'vitest'
import { faultOf, idOf, kbOf, machineOf, START, startScriptedWorld, type ScriptedWorld } from '../support/scripted-world.ts'
import { DAY } from '../support/world.ts'

const MACHINES = 60
const NAMES_ROLE = faultOf('forbidden', 403, { detail: 'Missing application roles: Vulnerability.Read.All', namesRole: true })
const REFUSALS = { 'a 401': faultOf('unauthorized', 401), 'a 403': faultOf('forbidden', 403) }

async function startFleet(machines = MACHINES, environment = {}): Promise<ScriptedWorld> {
  const world = await startScriptedWorld({ SYNC_CONCURRENCY: '1', ...environment })
  world.script.machines = Array.from({ length: machines }, (_, index) => machineOf(index))
  for (const { machineId } of world.script.machines) world.script.kbs.set(machineId, [kbOf('1')])
  return world
}

/** Refuses those machines, and counts how often each was asked. */
function refuse(world: ScriptedWorld, isRefused: (index: number) => boolean, refusal = REFUSALS['a 403']): Map<string, number> {
  const asked = new Map<string, number>()
  world.script.missingKbs = (machineId) => {
    asked.set(machineId, (asked.get(machineId) ?? 0) + 1)
    return isRefused(Number.parseInt(machineId, 16)) ? refusal : undefined
  }
  return asked
}

const blockedCode = async (world: ScriptedWorld) => (await world.tenant()).tenant.blockedCode

describe.each(Object.entries(REFUSALS))('a machine that Defender refuses to speak of, with %s', (_, refusal) => {
  it('is unknown, with that cause, and all others are observed', async () => {
    const world = await startFleet()
    refuse(world, (index) => index === 10, refusal)
    const row = await world.row(await world.snapshot(START))
    expect(row).toMatchObject({ status: 'incomplete', observed: MACHINES - 1, unknown: 1 })
    expect(await world.store.machines.get(idOf(10))).toMatchObject({ state: 'unknown', code: refusal.fault.code })
    expect(await blockedCode(world)).toBeNull()
  })

  it('a single refusal is none', async () => {
    const world = await startFleet()
    const asked = refuse(world, (index) => index === 10 && asked.get(idOf(10)) === 1, refusal)
    expect(await world.row(await world.snapshot(START))).toMatchObject({ status: 'completed', observed: MACHINES })
  })

  it('a fleet of which many are refused is observed but for them, and a witness is asked for every five', async () => {
    const world = await startFleet()
    for (const at of [START, START + DAY]) {
      const isRefused = (index: number) => index % 3 === 0
      const asked = refuse(world, isRefused, refusal)
      expect(await world.row(await world.snapshot(at))).toMatchObject({ status: 'incomplete', observed: 40, unknown: 20 })
      const ofOthers = [...asked].filter(([machineId]) => !isRefused(Number.parseInt(machineId, 16))).map(([, times]) => times)
      // Refused in their phase, and once more at the snapshot's end.
      expect(ofOthers.reduce((sum, times) => sum + times, 0) - 40).toBeLessThanOrEqual((2 * 20) / 5)
    }
  })
})

describe('the app is refused', () => {
  it('at once where Defender names the missing role before any machine has answered', async () => {
    const world = await startFleet()
    const asked = refuse(world, () => true, NAMES_ROLE)
    expect(await world.row(await world.snapshot(START))).toMatchObject({
      status: 'failed',
      errorDetail: NAMES_ROLE.fault.detail,
      observed: 0,
    })
    // Two machines are under way at once.
    expect([...asked.values()]).toEqual([1, 1])
    expect(await blockedCode(world)).toBe('http403')
  })

  it('only with a witness once machines have answered: five are refused, and one that answered in this snapshot is', async () => {
    const world = await startFleet()
    let isOver = false
    const asked = refuse(world, (index) => (isOver ||= index === 20), NAMES_ROLE)
    expect(await world.row(await world.snapshot(START))).toMatchObject({ status: 'failed', observed: 20 })
    expect([...asked].filter(([, times]) => times > 1)).toEqual([[idOf(19), 2]])
    expect(await blockedCode(world)).toBe('http403')
  })

  it('with a witness of the last snapshot where none of this one has answered', async () => {
    const world = await startFleet()
    world.script.missingKbs = (machineId) => (machineId < idOf(10) ? faultOf('refused', 400) : undefined)
    await world.snapshot(START)
    const asked = refuse(world, () => true)
    expect(await world.row(await world.snapshot(START + DAY))).toMatchObject({ status: 'failed', observed: 0 })
    expect([...asked.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5, 10].map(idOf))
  })

  it('not where that witness answers: the first machines are never answered, and the rest has its history', async () => {
    const world = await startFleet()
    refuse(world, (index) => index < 20)
    await world.snapshot(START)
    expect(await world.row(await world.snapshot(START + DAY))).toMatchObject({ status: 'incomplete', observed: 40, unknown: 20 })
  })

  it('where nobody was ever answered, after many', async () => {
    const world = await startFleet()
    const asked = refuse(world, () => true)
    expect(await world.row(await world.snapshot(START))).toMatchObject({ status: 'failed', observed: 0 })
    expect(asked.size).toBe(26)
  })

  it('where the fleet has fewer machines, after all of them', async () => {
    const world = await startFleet(2)
    await world.snapshot(START)
    refuse(world, () => true)
    expect(await world.row(await world.snapshot(START + DAY))).toMatchObject({ status: 'failed' })
    refuse(world, (index) => index === 0)
    expect(await world.row(await world.snapshot(START + 2 * DAY))).toMatchObject({ status: 'incomplete', observed: 1 })
    expect(await blockedCode(world)).toBeNull()
  })

  it('wherever slices end: refused machines are counted across them', async () => {
    const world = await startFleet(MACHINES, { SYNC_CALLS_PER_MINUTE: '3' })
    await world.snapshot(START)
    refuse(world, () => true)
    expect(await world.row(await world.snapshot(START + DAY))).toMatchObject({ status: 'failed' })
  })

  it('where the list of machines is refused twice, and not for one such page', async () => {
    const world = await startFleet()
    let refusals = 1
    world.script.list = () => (refusals-- > 0 ? REFUSALS['a 403'] : undefined)
    expect(await world.row(await world.snapshot(START))).toMatchObject({ status: 'completed', observed: MACHINES })
    refusals = 2
    expect(await world.row(await world.snapshot(START + DAY))).toMatchObject({ status: 'failed', errorCode: 'http403' })
  })
})

it('many machines refused side by side ask one witness, once', async () => {
  const world = await startFleet(MACHINES, { SYNC_CONCURRENCY: '8' })
  await world.snapshot(START)
  world.script.callMilliseconds = 200
  const asked = refuse(world, (index) => index >= 8 && index < 24)
  expect(await world.row(await world.snapshot(START + DAY))).toMatchObject({ status: 'incomplete', unknown: 16 })
  const questions = [...asked.values()].reduce((sum, times) => sum + times, 0)
  expect(questions).toBeLessThanOrEqual(MACHINES - 16 + 16 * 4 + (2 * 16) / 5)
})
