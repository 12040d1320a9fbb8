import { RestError, type TableClient } from '@azure/data-tables'
import { describe, expect, it } from 'vitest'
import type { OneTenantServices } from '../../src/program.ts'
import { tick } from '../../src/sync/index.ts'
import { idOf, kbOf, machineOf, START, startScriptedWorld } from '../support/scripted-world.ts'
import { DAY, HOUR, MINUTE } from '../support/world.ts'

const BAD = idOf(3)

/** Six machines, each of which misses a KB. */
async function startSix() {
  const world = await startScriptedWorld()
  world.script.machines = Array.from({ length: 6 }, (_, index) => machineOf(index))
  for (const { machineId } of world.script.machines) world.script.kbs.set(machineId, [kbOf('1')])
  return world
}

/** A table client whose transactions in one machine's partition are answered by an error. */
const refusing = (status: number) => (client: TableClient, table: string) => {
  if (table !== 'missingkbs') return client
  const submit = client.submitTransaction.bind(client)
  client.submitTransaction = async (actions) => {
    const refused = [...actions].some(([, { partitionKey }]) => String(partitionKey).endsWith(BAD))
    if (refused) throw new RestError('the row is refused', { statusCode: status, code: 'PropertyValueTooLarge' })
    return submit(actions)
  }
  return client
}

/** Ticks of a program every minute until the snapshot ends, whatever they come to; how many failed. */
async function outlast(world: Awaited<ReturnType<typeof startSix>>, program: OneTenantServices, mostTicks: number): Promise<number> {
  let failed = 0
  for (let ticks = 0; ticks < mostTicks; ticks++) {
    const result = await tick(program).catch(() => undefined)
    if (result?.kind === 'ended') return failed
    failed += result === undefined ? 1 : 0
    world.clock.at += MINUTE
  }
  throw new Error(`no end in ${mostTicks} ticks`)
}

describe('promise 2: one machine stops no other', () => {
  it('one whose rows the storage refuses is unknown, with that cause', async () => {
    const world = await startSix()
    const snapshotId = await world.snapshot(START, world.another({}, world.clock, refusing(400)))
    expect(await world.row(snapshotId)).toMatchObject({ status: 'incomplete', observed: 5, unknown: 1 })
    expect(await world.store.machines.get(BAD)).toMatchObject({ state: 'unknown', code: 'unprocessable', missing: 0 })
    expect(world.log.map(({ event }) => event)).toContain('slice.machinePassedBy')
    expect(await world.changesOf(await world.snapshot(START + DAY))).toEqual(['3 1 appeared baseline'])
  })

  it("a storage that does not answer is nobody's fault: the tick fails and the next one goes on", async () => {
    const world = await startSix()
    const snapshotId = await world.begin(START)
    await expect(tick(world.another({}, world.clock, refusing(503)))).rejects.toThrow()
    world.clock.at += 2 * MINUTE
    await expect(tick(world.services)).resolves.toMatchObject({ kind: 'ended' })
    expect(await world.row(snapshotId)).toMatchObject({ status: 'completed', observed: 6 })
  })

  it('one at which slices break is passed by after three of them and twelve more at it alone', async () => {
    const world = await startSix()
    const breaking = async (machineId: string) => {
      if (machineId === BAD) throw new Error('the process would have died of this')
      return undefined
    }
    world.script.missingKbs = breaking
    const snapshotId = await world.begin(START)
    expect(await outlast(world, world.services, 20)).toBe(3 + 12)
    expect(await world.row(snapshotId)).toMatchObject({ status: 'incomplete', observed: 5, unknown: 1 })
    expect(await world.store.machines.get(BAD)).toMatchObject({ code: 'slicesBroke' })
    world.script.missingKbs = () => undefined
    expect(await world.row(await world.snapshot(START + DAY))).toMatchObject({ status: 'completed', observed: 6 })
    expect((await world.tenant()).tenant).toMatchObject({ brokenSlices: 0, suspectMachineId: null, suspectSlices: 0 })
  })

  it('all of them, where slices break at each', async () => {
    const world = await startSix()
    world.script.missingKbs = () => Promise.reject(new Error('the process would have died of this'))
    const snapshotId = await world.begin(START)
    expect(await outlast(world, world.services, 100)).toBe(3 + 12 * 6)
    expect(await world.row(snapshotId)).toMatchObject({ status: 'incomplete', observed: 0, unknown: 6 })
  })

  it('a snapshot in which no machine comes to its end in 24 hours is given up, and the next one starts', async () => {
    const world = await startSix()
    const down = world.another()
    down.defender.listMachines = () => Promise.reject(new Error('broken for everyone'))
    const snapshotId = await world.begin(START)
    for (let ticks = 0; ticks < 24 * 60 - 5; ticks++) {
      await tick(down).catch(() => undefined)
      world.clock.at += MINUTE
    }
    expect((await world.tenant()).tenant.activeSnapshotId).toBe(snapshotId)
    await outlast(world, down, 10 + 6)
    expect(await world.row(snapshotId)).toMatchObject({ status: 'failed', errorCode: 'noProgress', listed: 0 })
    expect(world.clock.at - START).toBeGreaterThan(23 * HOUR)
    expect(await world.row(await world.snapshot(world.clock.at))).toMatchObject({ status: 'completed', observed: 6 })
  })
})
