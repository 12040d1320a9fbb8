import { describe, expect, it } from 'vitest'
import type { ListResult } from '../../src/defender/index.ts'
import { idOf, kbOf, machineOf, START, startScriptedWorld } from '../support/scripted-world.ts'
import { DAY } from '../support/world.ts'

const LATER = '2026-03-03T00:00:00.000Z'
const fleet = (count: number, values: Parameters<typeof machineOf>[1] = {}) =>
  Array.from({ length: count }, (_, index) => machineOf(index, values))

describe('promise 1: an answer that turns empty is believed when a second one says the same', () => {
  it('a flap with a newer report resolves nothing, and reopens nothing', async () => {
    const world = await startScriptedWorld()
    world.script.machines = fleet(30)
    for (const { machineId } of world.script.machines) world.script.kbs.set(machineId, [kbOf('1'), kbOf('2')])
    await world.snapshot(START)
    world.script.machines = fleet(30, { lastSeen: LATER })
    const asked = new Set<string>()
    world.script.missingKbs = (machineId) => {
      if (asked.has(machineId)) return undefined
      asked.add(machineId)
      return { kind: 'observed', kbs: [], dropped: 0, observedAt: new Date(world.clock.now()).toISOString() }
    }
    const flapped = await world.snapshot(START + DAY)
    expect(await world.changesOf(flapped)).toEqual([])
    expect(await world.row(flapped)).toMatchObject({ status: 'completed', observed: 30 })
    expect(await world.changesOf(await world.snapshot(START + 2 * DAY))).toEqual([])
  })

  it('two empty answers with a newer report are an installation', async () => {
    const world = await startScriptedWorld()
    world.script.machines = fleet(1)
    world.script.kbs.set(idOf(0), [kbOf('1')])
    await world.snapshot(START)
    world.script.machines = fleet(1, { lastSeen: LATER })
    world.script.kbs.set(idOf(0), [])
    const calls = world.script.calls
    expect(await world.changesOf(await world.snapshot(START + DAY))).toEqual(['0 1 resolved installed'])
    // Two pages of the list, and the machine twice.
    expect(world.script.calls - calls).toBe(4)
  })
})

/** The list in pages of 20, of which some are empty once. */
function flappingList(machines: readonly ReturnType<typeof machineOf>[], emptyOnceAt: number[]): (skip: number) => ListResult {
  const left = new Set(emptyOnceAt)
  return (skip) => {
    const page = left.delete(skip) ? [] : machines.slice(skip, skip + 20)
    return { kind: 'page', machines: [...page], rows: page.length, more: page.length > 0 && skip + 20 < machines.length }
  }
}

describe('promise 1: an empty page ends a list only where nothing contradicts it', () => {
  it.each([[0], [20], [40], [0, 40]])('one at %j of a list of 60 leaves nobody out', async (...emptyAt) => {
    const world = await startScriptedWorld()
    world.script.machines = fleet(60)
    world.script.list = flappingList(world.script.machines, [])
    await world.snapshot(START)
    const more = fleet(61)
    world.script.machines = more
    world.script.list = flappingList(more, emptyAt)
    const second = await world.snapshot(START + DAY)
    expect(await world.row(second)).toMatchObject({ status: 'completed', listed: 61, observed: 61 })
  })

  it('in the first snapshot too, where a page before it said that there is more', async () => {
    const world = await startScriptedWorld()
    world.script.machines = fleet(60)
    for (const { machineId } of world.script.machines) world.script.kbs.set(machineId, [kbOf('1')])
    world.script.list = flappingList(world.script.machines, [20])
    const first = await world.snapshot(START)
    expect(await world.row(first)).toMatchObject({ listed: 60, status: 'completed' })
    expect(new Set((await world.changesOf(first)).map((line) => line.split(' ')[3]))).toEqual(new Set(['baseline']))
  })

  it('a list that is empty time after time is empty', async () => {
    const world = await startScriptedWorld()
    world.script.machines = fleet(3)
    await world.snapshot(START)
    world.script.machines = []
    const second = await world.snapshot(START + DAY)
    expect(await world.row(second)).toMatchObject({ status: 'completed', listed: 0, removed: 3 })
  })

  it('the first snapshot is the baseline even if its listing broke three times', async () => {
    const world = await startScriptedWorld()
    world.script.machines = fleet(30)
    for (const { machineId } of world.script.machines) world.script.kbs.set(machineId, [kbOf('1')])
    const broken = { kind: 'fault', fault: { kind: 'transient', status: 502, code: 'unwell', detail: 'not now' } } as const
    let tries = 0
    world.script.list = (skip) => {
      if (skip === 0) tries += 1
      if (tries >= 3) return broken
      const page = world.script.machines.slice(skip, skip + 20)
      return skip === 0 ? { kind: 'page', machines: page, rows: page.length, more: true } : broken
    }
    await world.snapshot(START)
    world.script.list = () => undefined
    world.script.machines = fleet(31)
    world.script.kbs.set(idOf(30), [kbOf('1')])
    const second = await world.changesOf(await world.snapshot(START + 7 * DAY))
    expect(second.filter((line) => line.startsWith('30 '))).toEqual(['30 1 appeared machineAdded'])
    expect(second.filter((line) => line.startsWith('5 '))).toEqual([])
  })
})
