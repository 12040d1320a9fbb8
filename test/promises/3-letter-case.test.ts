import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSameKb, type Kb, mergeKbs } from '../../src/domain/index.ts'
import { machinesMissingKb } from '../../src/history/machines-missing-kb.ts'
import { finish, idOf, kbOf, machineOf, START, startScriptedWorld, type ScriptedWorld } from '../support/scripted-world.ts'
import { interval, kbRow, transition } from '../support/store-rows.ts'
import { DAY } from '../support/world.ts'

const LATER = '2026-03-03T00:00:00.000Z'

async function startFleet() {
  const world = await startScriptedWorld({ SYNC_CONCURRENCY: '1' })
  world.script.machines = [machineOf(0), machineOf(1)]
  return world
}

async function kbRows({ store }: ScriptedWorld): Promise<Kb[]> {
  const rows: Kb[] = []
  for await (const page of store.kbs.pages()) rows.push(...page)
  return rows
}

describe('ids of KBs that differ in letter case alone are one KB', () => {
  it('in one answer, as it is spelt first', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('KB1', 'kb1', 'Kb1', 'kb2', 'É', 'é'), { maxLength: 8 }), (kbIds) => {
        const merged = mergeKbs(kbIds.map(kbOf)).map(({ kbId }) => kbId)
        const first = kbIds.filter((kbId, index) => kbIds.findIndex((other) => isSameKb(other, kbId)) === index)
        expect(merged).toEqual(first.sort())
      }),
    )
    expect(isSameKb('É', 'é')).toBe(false)
  })

  it('from snapshot to snapshot and machine to machine: the first spelling stays, and nothing changes', async () => {
    const world = await startFleet()
    world.script.kbs.set(idOf(0), [kbOf('KB1')])
    const first = await world.snapshot(START)
    expect(await world.changesOf(first)).toEqual(['0 KB1 appeared baseline'])
    world.script.kbs.set(idOf(0), [kbOf('kb1')])
    world.script.kbs.set(idOf(1), [kbOf('kB1'), kbOf('2')])
    expect(await world.changesOf(await world.snapshot(START + DAY))).toEqual(['1 2 appeared new', '1 KB1 appeared new'])
    world.script.machines = [machineOf(0, { lastSeen: LATER }), machineOf(1, { lastSeen: LATER })]
    world.script.kbs.set(idOf(0), [])
    await world.snapshot(START + 2 * DAY)
    world.script.kbs.set(idOf(0), [kbOf('kb1')])
    expect(await world.changesOf(await world.snapshot(START + 3 * DAY))).toEqual(['0 KB1 appeared reopened'])
    const kbs = await kbRows(world)
    expect(kbs.map(({ kbId, machinesMissing }) => [kbId, machinesMissing])).toEqual([
      ['2', 1],
      ['KB1', 2],
    ])
  })

  it('in the rows of before: the earlier interval holds, the later closes once as reassessed, and one row of the KB is left', async () => {
    const world = await startFleet()
    world.script.kbs.set(idOf(0), [kbOf('KB1')])
    const first = await world.snapshot(START)
    const second = await world.snapshot(START + DAY)
    for (const [index, spelt] of [['KB1', 'kb1'], ['kb1']].entries()) {
      const { state } = await world.store.missingKbs.read(idOf(index))
      const opened = transition(second, [interval('kb1', { appearedSnapshotId: second, appearedReason: 'new' })])
      expect(await world.store.missingKbs.commit(idOf(index), opened, state)).toBe('written')
      const machine = await world.store.machines.get(idOf(index))
      if (machine) await world.store.machines.settle([{ ...machine, missingKbIds: spelt, missing: spelt.length }])
    }
    await world.store.kbs.write([kbRow('kb1', { firstSeenSnapshotId: second, lastSeenSnapshotId: second })])

    world.script.kbs.set(idOf(1), [kbOf('KB1')])
    const third = await world.snapshot(START + 2 * DAY)
    expect(await world.changesOf(third)).toEqual(['0 kb1 resolved reassessed'])
    expect(await world.store.machines.get(idOf(0))).toMatchObject({ missingKbIds: ['KB1'], missing: 1 })
    const kbs = await kbRows(world)
    expect(kbs).toMatchObject([{ kbId: 'KB1', firstSeenSnapshotId: first, machinesMissing: 2 }])
    expect(await world.changesOf(await world.snapshot(START + 3 * DAY))).toEqual([])
  })

  it('asked for in any', async () => {
    const world = await startFleet()
    world.script.kbs.set(idOf(0), [kbOf('KB1')])
    await world.begin(START)
    await finish(world.services, world.clock)
    for (const asked of ['KB1', 'kb1']) {
      expect((await world.store.kbs.find(asked))?.kbId).toBe('KB1')
      const found = []
      for await (const { rows } of machinesMissingKb(world.store, asked, { after: null, wanted: 10 })) found.push(...rows)
      expect(found).toHaveLength(1)
    }
    expect(await world.store.kbs.find('kb2')).toBeUndefined()
  })
})
