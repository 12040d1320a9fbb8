import { describe, expect, it } from 'vitest'
import { faultOf, idOf, kbOf, machineOf, START, startScriptedWorld } from '../support/scripted-world.ts'
import { DAY } from '../support/world.ts'

const NOT_ONBOARDED = ['CanBeOnboarded', 'Unsupported', 'InsufficientInfo'] as const

describe('machines that are listed and not onboarded', () => {
  it('are skipped with that cause, cost no call and are in no coverage', async () => {
    const world = await startScriptedWorld()
    world.script.machines = Array.from({ length: 20 }, (_, index) =>
      machineOf(index, { onboardingStatus: index < 5 ? 'Onboarded' : index < 6 ? null : (NOT_ONBOARDED[index % 3] ?? null) }),
    )
    const first = await world.snapshot(START)
    expect(await world.row(first)).toMatchObject({ status: 'completed', listed: 20, observed: 6, skipped: 14, wanted: 6, unknown: 0 })
    expect(world.script.calls).toBe(2 + 6)
    expect(await world.store.machines.get(idOf(7))).toMatchObject({ state: 'skipped', code: 'notOnboarded' })
    await world.snapshot(START + DAY)
    expect(world.script.calls).toBe(2 * (2 + 6))
  })

  it('are asked on where they were ever observed, until two snapshots on end say so', async () => {
    const world = await startScriptedWorld()
    world.script.machines = [machineOf(0, { onboardingStatus: 'Onboarded' })]
    world.script.kbs.set(idOf(0), [kbOf('1')])
    await world.snapshot(START)
    const listed = async (day: number, onboardingStatus: string) => {
      world.script.machines = [machineOf(0, { onboardingStatus })]
      return world.changesOf(await world.snapshot(START + day * DAY))
    }
    expect(await listed(1, 'CanBeOnboarded')).toEqual([])
    expect(await listed(2, 'Onboarded')).toEqual([])
    expect(await listed(3, 'CanBeOnboarded')).toEqual([])
    expect(await listed(4, 'InsufficientInfo')).toEqual(['0 1 resolved excluded'])
    expect(await world.store.machines.get(idOf(0))).toMatchObject({ state: 'skipped', code: 'notOnboarded', filteredOut: false })
    expect(await listed(5, 'InsufficientInfo')).toEqual([])
    expect(await listed(6, 'Onboarded')).toEqual(['0 1 appeared reopened'])
  })
})

describe('a machine that never once answered', () => {
  it('is asked once a snapshot when it is not found again, not five times', async () => {
    const world = await startScriptedWorld()
    world.script.machines = [machineOf(0), machineOf(1)]
    world.script.missingKbs = (machineId) => (machineId === idOf(1) ? faultOf('transient', 404) : undefined)
    await world.snapshot(START)
    const calls = world.script.calls
    const second = await world.snapshot(START + DAY)
    expect(world.script.calls - calls).toBe(2 + 1 + 1)
    expect(await world.row(second)).toMatchObject({ observed: 1, unknown: 1, status: 'incomplete' })
    world.script.missingKbs = () => undefined
    expect(await world.row(await world.snapshot(START + 2 * DAY))).toMatchObject({ observed: 2, status: 'completed' })
  })
})
