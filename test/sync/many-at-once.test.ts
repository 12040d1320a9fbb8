import { describe, expect, it } from 'vitest'
import type { DefenderClient } from '../../src/defender/index.ts'
import { faultOf, finish, idOf, kbOf, machineOf, START, startScriptedWorld, type ScriptedWorld } from '../support/scripted-world.ts'
import { DAY } from '../support/world.ts'

const MACHINES = 150
const MOST_TICKS = 60

async function startFleet(environment: Record<string, string>): Promise<ScriptedWorld> {
  const world = await startScriptedWorld(environment)
  world.script.machines = Array.from({ length: MACHINES }, (_, index) => machineOf(index))
  for (const { machineId } of world.script.machines) world.script.kbs.set(machineId, [kbOf('1')])
  return world
}

describe.each(['8', '20', '100'])('with %s calls at once', (SYNC_CONCURRENCY) => {
  it('machines that left are closed within the quota of a minute, however many they are', async () => {
    const world = await startFleet({ SYNC_CONCURRENCY })
    await world.snapshot(START)
    world.script.machines = world.script.machines.slice(0, 1)
    const snapshotId = await world.begin(START + DAY)
    await finish(world.services, world.clock, MOST_TICKS)
    expect(await world.row(snapshotId)).toMatchObject({ status: 'completed', removed: MACHINES - 1, unknown: 0 })
  })

  it('and so are those that a filter leaves out', async () => {
    const world = await startFleet({ SYNC_CONCURRENCY })
    await world.snapshot(START)
    const narrowed = world.another({ SYNC_CONCURRENCY, MACHINE_FILTER: "rbacGroupName eq 'Servers'" })
    const listMachines: DefenderClient['listMachines'] = async ({ filter, skip }) => {
      await narrowed.outside.clock.sleep(0)
      const machines = filter?.includes('and id eq') || skip > 0 ? [] : world.script.machines.slice(0, 1)
      return { kind: 'page', machines, rows: machines.length, more: false }
    }
    const snapshotId = await world.begin(START + DAY)
    await finish({ ...narrowed, defender: { ...narrowed.defender, listMachines } }, world.clock, MOST_TICKS)
    expect(await world.row(snapshotId)).toMatchObject({ status: 'completed', unknown: 0, resolved: MACHINES - 1 })
  })

  it('a tenant without a licence is found out', async () => {
    const world = await startFleet({ SYNC_CONCURRENCY, SYNC_CALLS_PER_MINUTE: '50', SYNC_CALLS_PER_HOUR: '1500' })
    world.script.missingKbs = () => faultOf('unauthorized', 401)
    const snapshotId = await world.begin(START)
    await finish(world.services, world.clock, MOST_TICKS)
    expect(await world.row(snapshotId)).toMatchObject({ status: 'failed', errorCode: 'http401' })
    expect((await world.tenant()).tenant.blockedCode).toBe('http401')
  })
})

it('a snapshot ends when there is time for one call a slice, and none to ask MACHINE_FILTER', async () => {
  const world = await startScriptedWorld({ SYNC_SLICE_SECONDS: '5', MACHINE_FILTER: "rbacGroupName eq 'Servers'" })
  world.script.machines = [machineOf(0), machineOf(1)]
  await world.snapshot(START)
  world.script.callMilliseconds = 6_000
  world.script.list = (skip) => ({ kind: 'page', machines: skip === 0 ? [machineOf(0)] : [], rows: skip === 0 ? 1 : 0, more: false })
  const snapshotId = await world.begin(START + DAY)
  await finish(world.services, world.clock, MOST_TICKS)
  expect(await world.row(snapshotId)).toMatchObject({ status: 'incomplete', unknown: 1, removed: 0 })
})

it('an empty answer that was confirmed in another slice is as good', async () => {
  for (const seconds of ['45', '5']) {
    const { clock, script, snapshot, changesOf } = await startScriptedWorld({ SYNC_SLICE_SECONDS: seconds })
    script.machines = [machineOf(1)]
    script.kbs.set(idOf(1), [kbOf('1')])
    await snapshot(START)
    const answers = ['empty', '404', 'empty']
    let asked = 0
    script.missingKbs = () => {
      if (asked === 1) clock.at += 6_000
      const answer = answers[asked++]
      return answer === 'empty'
        ? { kind: 'observed', kbs: [], dropped: 0, observedAt: new Date(clock.at).toISOString() }
        : faultOf('transient', 404)
    }
    expect(await changesOf(await snapshot(START + DAY)), `slices of ${seconds} s`).toEqual(['1 1 resolved reassessed'])
  }
})
