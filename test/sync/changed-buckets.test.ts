import { describe, expect, it } from 'vitest'
import { tick } from '../../src/sync/index.ts'
import { expectConsistent } from '../support/consistency.ts'
import { faultOf, finish, kbOf, machineOf, START, startScriptedWorld } from '../support/scripted-world.ts'

const DAY = 86_400_000
const IDS = ['1', '7', 'c'].map((digit) => digit.padEnd(40, '0'))

async function startFleet() {
  const world = await startScriptedWorld({ SYNC_CONCURRENCY: '1' })
  world.script.machines = IDS.map((machineId, index) => machineOf(index, { machineId }))
  for (const machineId of IDS) world.script.kbs.set(machineId, [kbOf('5001')])
  return world
}

describe('the row of a snapshot names the buckets in which it made changes', () => {
  it('all of them at first, none where nothing changed, and only that of the machine that did', async () => {
    const world = await startFleet()
    const bucketsOf = async (snapshotId: string) => (await world.row(snapshotId))?.changedBuckets
    expect(await bucketsOf(await world.snapshot(START))).toBe('17c')
    expect(await bucketsOf(await world.snapshot(START + DAY))).toBe('')
    world.script.kbs.set(IDS[1] ?? '', [kbOf('5001'), kbOf('5002')])
    expect(await bucketsOf(await world.snapshot(START + 2 * DAY))).toBe('7')
  })

  it('also where Defender refused to go on', async () => {
    const world = await startFleet()
    world.script.machines.push(...['d', 'e', 'f'].map((digit, index) => machineOf(10 + index, { machineId: digit.padEnd(40, '0') })))
    await world.snapshot(START)
    for (const machineId of IDS) world.script.kbs.set(machineId, [kbOf('5001'), kbOf('5002')])
    world.script.missingKbs = (() => {
      // The first is answered, and from then on no machine is.
      let answered = 0
      return () => (answered++ === 0 ? undefined : faultOf('forbidden', 403))
    })()
    const snapshotId = await world.snapshot(START + DAY)
    const row = await world.row(snapshotId)
    expect(row?.status).toBe('failed')
    expect(row?.changedBuckets).not.toBe('')
    await expectConsistent(world.services, [snapshotId])
  })

  it('and nothing while it runs', async () => {
    const world = await startFleet()
    world.script.missingKbs = (machineId) => (machineId === IDS[1] ? faultOf('throttled', 429) : undefined)
    const snapshotId = await world.begin(START)
    expect((await tick(world.services)).kind).toBe('more')
    expect((await world.row(snapshotId))?.changedBuckets).toBeNull()
    world.script.missingKbs = () => undefined
    await finish(world.services, world.clock)
    expect((await world.row(snapshotId))?.changedBuckets).toBe('17c')
  })
})
