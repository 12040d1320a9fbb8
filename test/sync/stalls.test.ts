import { describe, expect, it, vi } from 'vitest'
import { tick } from '../../src/sync/index.ts'
import { faultOf, machineOf, START, startScriptedWorld } from '../support/scripted-world.ts'
import { MINUTE } from '../support/world.ts'

const DAY = 24 * 60 * MINUTE

describe('slices that bring nothing to its end', () => {
  it('are counted anew by every phase: a list that never came takes no attempt from the machines it did not name', async () => {
    const { script, services, snapshot, begin, row, clock } = await startScriptedWorld()
    script.machines = [machineOf(1)]
    await snapshot(START)
    script.list = () => faultOf('transient', 503)
    let asked = 0
    const machine = async () => (++asked % 2 === 1 ? faultOf('transient', 503) : faultOf('throttled', 429, { retryAfterSeconds: 30 }))
    const busy = { ...services, defender: { ...services.defender, machine } }
    const snapshotId = await begin(START + DAY)
    const stalled: unknown[] = []
    for (let ticks = 0; ticks < 20; ticks++) {
      const { kind } = await tick(busy)
      const { phase, stalledSlices } = (await row(snapshotId)) ?? {}
      if (kind !== 'waiting') stalled.push(`${phase} ${stalledSlices}`)
      if (kind === 'ended') break
      clock.at += MINUTE
    }
    expect(stalled).toEqual(['listing 1', 'listing 2', 'closing 1', 'closing 2', 'closing 3', 'closing 4', 'ended 0'])
  })
})

describe('an error while the machines are read', () => {
  it('lets no machine that waits for its turn be asked another time', async () => {
    const { script, services, store, begin } = await startScriptedWorld()
    script.machines = [machineOf(1), machineOf(2), machineOf(3)]
    let asked = 0
    script.missingKbs = () => {
      asked++
      return faultOf('transient', 503)
    }
    await begin(START)
    const pages = store.machines.pages.bind(store.machines)
    vi.spyOn(store.machines, 'pages').mockImplementation(async function* (...where) {
      yield* pages(...where)
      throw new Error('the table cannot be read')
    })
    await expect(tick({ ...services, store: { ...services.store, of: () => store } })).rejects.toThrow('cannot be read')
    expect(asked).toBe(3)
  })
})
