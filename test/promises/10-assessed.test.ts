import { describe, expect, it } from 'vitest'
import { assessedOf, healthOf, latestObservation, type ListedMachine } from '../../src/domain/index.ts'
import { faultOf, idOf, kbOf, machineOf, START, startScriptedWorld, type ScriptedWorld, TENANT } from '../support/scripted-world.ts'
import { DAY } from '../support/world.ts'

const ago = (days: number) => new Date(START - days * DAY).toISOString()

async function take(machines: readonly Partial<ListedMachine>[], world?: ScriptedWorld, at = START) {
  const taken = world ?? (await startScriptedWorld())
  taken.script.machines = machines.map((values, index) => machineOf(index, values))
  for (const { machineId } of taken.script.machines) taken.script.kbs.set(machineId, [kbOf('1')])
  const row = await taken.row(await taken.snapshot(at))
  if (!row) throw new Error('no snapshot')
  return { world: taken, row }
}

const stateOf = async ({ store }: ScriptedWorld, index: number) => {
  const machine = await store.machines.get(idOf(index))
  return machine && latestObservation(machine).state
}

const health = async ({ clock, tenant }: ScriptedWorld, leastAssessed = 0.5) =>
  healthOf((await tenant()).tenant, { staleAfterMs: 2 * DAY, leastAssessed }, clock.at)

describe('promise 10: a clean machine has a witness', () => {
  it('one that has not reported for 30 days, or never did, was observed and not assessed', async () => {
    const { world, row } = await take([{ lastSeen: ago(29) }, { lastSeen: ago(31) }, { lastSeen: null }])
    expect(row).toMatchObject({ status: 'completed', observed: 3, silent: 2 })
    expect(assessedOf(row)).toBeCloseTo(1 / 3)
    expect([await stateOf(world, 0), await stateOf(world, 1), await stateOf(world, 2)]).toEqual(['observed', 'silent', 'silent'])
  })

  it('one that gives no answer is not assessed either, and one that reports again is', async () => {
    const world = await startScriptedWorld()
    world.script.missingKbs = (machineId) => (machineId === idOf(1) ? faultOf('refused', 400) : undefined)
    const { row } = await take([{ lastSeen: ago(40) }, { lastSeen: ago(0) }], world)
    expect([row.observed, row.silent, assessedOf(row)]).toEqual([1, 1, 0])
    world.script.missingKbs = () => undefined
    const next = await take([{ lastSeen: ago(-0.5) }, { lastSeen: ago(0) }], world, START + DAY)
    expect([next.row.observed, next.row.silent, assessedOf(next.row)]).toEqual([2, 0, 1])
    expect(await stateOf(world, 0)).toBe('observed')
  })

  it('health is stale where too few are, says how many, and goes by snapshots that ended in order', async () => {
    const { world } = await take([{ lastSeen: ago(29) }, { lastSeen: ago(31) }, { lastSeen: ago(31) }])
    expect(await health(world)).toEqual({
      status: 'stale',
      detail: expect.stringContaining('33.3 % were assessed; 50 % are expected') as unknown,
    })
    expect(await health(world, 0.3)).toEqual({ status: 'ok' })
    await take([{ lastSeen: ago(0) }, { lastSeen: ago(0) }, { lastSeen: ago(31) }], world, START + DAY)
    expect(await health(world)).toEqual({ status: 'ok' })
    expect((await health(world, 0.7)).status).toBe('stale')
  })

  it('a snapshot of before, whose row does not tell, is no evidence', async () => {
    const { world, row } = await take([{ lastSeen: ago(31) }])
    const stored = { partitionKey: 'tenant', rowKey: TENANT, assessedPpm: -1 }
    await world.openTable('tenants').updateEntity(stored, 'Merge')
    expect(await health(world)).toEqual({ status: 'ok' })
    expect(assessedOf({ ...row, silent: null })).toBeNull()
  })
})
