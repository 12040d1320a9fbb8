import type { TableClient } from '@azure/data-tables'
import { describe, expect, it } from 'vitest'
import { tick } from '../../src/sync/index.ts'
import { expectConsistent } from '../support/consistency.ts'
import { faultOf, finish, gate, idOf, kbOf, machineOf, START, startScriptedWorld } from '../support/scripted-world.ts'
import { DAY, MINUTE } from '../support/world.ts'

/** Tables of a process that commits machines, and stands still for ever before the first of them is written down. */
function stillAtFirstProjection() {
  const still = gate()
  const committed = { count: 0 }
  let onTheirWay = 0
  const hold = (client: TableClient, table: string): TableClient => {
    client.pipeline.addPolicy({
      name: 'still',
      async sendRequest(request, next) {
        if (table.startsWith('changes')) {
          still.open()
          return new Promise(() => undefined)
        }
        onTheirWay++
        const response = await next(request).finally(() => onTheirWay--)
        if (table === 'missingkbs' && request.method !== 'GET' && response.status < 300) committed.count++
        return response
      },
    })
    return client
  }
  /** Those in flight go as far as they get before the process is found dead. */
  const stands = async (): Promise<number> => {
    await still.opened
    for (let quietTurns = 0; quietTurns < 50; quietTurns = onTheirWay === 0 ? quietTurns + 1 : 0) await new Promise(setImmediate)
    return committed.count
  }
  return { hold, stands }
}

describe('promise 2: what a killed slice committed is found', () => {
  for (const { machines, windowsEach, concurrency } of [
    { machines: 60, windowsEach: 1, concurrency: '8' },
    // Machines of unwanted platforms are never settled, and must not stand in the way.
    { machines: 660, windowsEach: 11, concurrency: '8' },
    // The deployment that kills it may lower the concurrency.
    { machines: 500, windowsEach: 1, concurrency: '100' },
  ]) {
    it(`in a fleet of ${machines} with one Windows machine in ${windowsEach}, ${concurrency} calls at once`, async () => {
      const world = await startScriptedWorld()
      const windows = Array.from({ length: machines }, (_, index) => index).filter((index) => index % windowsEach === windowsEach - 1)
      world.script.machines = Array.from({ length: machines }, (_, index) =>
        machineOf(index, windows.includes(index) ? {} : { osPlatform: 'Linux' }),
      )
      const missing = (...kbIds: string[]) => windows.forEach((index) => world.script.kbs.set(idOf(index), kbIds.map(kbOf)))
      missing('1')
      const first = await world.snapshot(START)

      missing('1', '2')
      const second = await world.begin(START + DAY)
      const { hold, stands } = stillAtFirstProjection()
      void tick(world.another({ SYNC_CONCURRENCY: concurrency }, world.clock, hold))
      const committed = await stands()
      expect(committed).toBeGreaterThan(50)

      // Whoever goes on gets no answers: what was committed must not wait for one.
      world.script.missingKbs = () => faultOf('transient', 404)
      world.clock.at += 3 * MINUTE
      await finish(world.another(), world.clock)
      expect(await world.changesOf(second)).toHaveLength(committed)
      await expectConsistent(world.services, [first, second])
    })
  }

  it('and a machine that the first listing brings after the kill belongs to the baseline', async () => {
    const world = await startScriptedWorld()
    world.script.machines = [machineOf(1)]
    for (const index of [1, 2]) world.script.kbs.set(idOf(index), [kbOf('1')])
    const first = await world.begin(START)
    const marked = gate()
    const hold = (client: TableClient, table: string): TableClient => {
      // The mark is in the tenant's row, and the snapshot's row does not say yet that the listing is over.
      if (table === 'snapshots')
        client.pipeline.addPolicy({
          name: 'still',
          sendRequest: (request, next) => (request.method === 'GET' ? next(request) : (marked.open(), new Promise(() => undefined))),
        })
      return client
    }
    void tick(world.another({}, world.clock, hold))
    await marked.opened
    expect((await world.tenant()).tenant.baselineSnapshotId).toBe(first)
    world.script.machines = [machineOf(1), machineOf(2)]
    world.clock.at += 3 * MINUTE
    await finish(world.services, world.clock)
    expect(await world.changesOf(first)).toEqual(['1 1 appeared baseline', '2 1 appeared baseline'])
  })
})
