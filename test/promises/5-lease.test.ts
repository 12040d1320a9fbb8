import type { TableClient } from '@azure/data-tables'
import { describe, expect, it } from 'vitest'
import { tick } from '../../src/sync/index.ts'
import { expectConsistent } from '../support/consistency.ts'
import {
  faultOf,
  finish,
  freeClock,
  gate,
  idOf,
  kbOf,
  machineOf,
  START,
  startScriptedWorld,
  type ScriptedWorld,
} from '../support/scripted-world.ts'
import { DAY, HOUR, MINUTE } from '../support/world.ts'

/** 130 machines, of which the first hundred cannot be asked in the second snapshot: the batch of their outcomes is what may come late. */
async function startMany(): Promise<ScriptedWorld & { first: string; second: string }> {
  const world = await startScriptedWorld()
  world.script.machines = Array.from({ length: 130 }, (_, index) => machineOf(index))
  for (const { machineId } of world.script.machines) world.script.kbs.set(machineId, [kbOf('1')])
  const first = await world.snapshot(START)
  const second = await world.begin(START + DAY)
  world.script.missingKbs = (machineId) => (machineId < idOf(110) ? faultOf('refused', 400) : undefined)
  return { ...world, first, second }
}

/** Defender is well again, and the first hundred miss another KB. */
function recoverDefender({ script }: ScriptedWorld): void {
  script.missingKbs = () => undefined
  for (let index = 0; index < 100; index++) script.kbs.set(idOf(index), [kbOf('1'), kbOf('3')])
}

/** Time for all that needs no trip to the tables. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
}

const isOutcomes = (table: string, body: unknown) => table === 'machines' && String(body).includes('settledSnapshotId')

/** Holds the first batch of outcomes up until it is let go, before the process asks whether it may be sent. */
function holdOutcomes() {
  const [hangs, released] = [gate(), gate()]
  let isHeld = false
  const hold = (client: TableClient, table: string): TableClient =>
    new Proxy(client, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        const method = (member as (...args: unknown[]) => unknown).bind(target)
        if (name !== 'submitTransaction') return method
        return async (...args: unknown[]) => {
          if (isOutcomes(table, JSON.stringify(args)) && !isHeld) {
            isHeld = true
            hangs.open()
            await released.opened
          }
          return method(...args)
        }
      },
    })
  return { hold, hangs: hangs.opened, release: released.open }
}

describe('promise 5: nothing is written behind the back of the next writer', () => {
  it('by a slice that an error ends while a batch is under way', async () => {
    const world = await startMany()
    const { hold, hangs, release } = holdOutcomes()
    world.script.kbs.set(idOf(110), [kbOf('1'), kbOf('2')])
    const failing = world.another({}, world.clock, (client, table) => {
      // The commit of machine 110 fails once the batch is under way.
      if (table === 'missingkbs')
        client.pipeline.addPolicy(
          {
            name: 'fails',
            sendRequest: async (request, next) => {
              if (request.method === 'GET') return next(request)
              await hangs
              throw new Error('storage gave up')
            },
          },
          { beforePolicies: ['exponentialRetryPolicy'] },
        )
      return hold(client, table)
    })
    let isOver = false
    const over = tick(failing)
      .catch((error: unknown) => error)
      .finally(() => (isOver = true))
    await hangs
    await turns()
    // The tenant is not let go before the batch has come to its end.
    expect({ isOver, owner: (await world.tenant()).tenant.leaseOwner }).toEqual({
      isOver: false,
      owner: expect.stringMatching(/./) as string,
    })
    release()
    expect(String(await over)).toContain('storage gave up')
    expect((await world.tenant()).tenant.leaseOwner).toBe(null)
    recoverDefender(world)
    await finish(world.services, world.clock)
    await expectConsistent(world.services, [world.first, world.second])
  })

  it('by a writer whose clock went back: it does not know how much of its lease is left', async () => {
    const world = await startMany()
    const { hold, hangs, release } = holdOutcomes()
    const itsClock = freeClock(START + DAY)
    const late = tick(world.another({}, itsClock, hold)).then(
      ({ kind }) => kind,
      (error: unknown) => (error instanceof Error ? error.name : ''),
    )
    await hangs
    // All others are through: nothing but this batch is left to be written.
    await turns()
    itsClock.at -= HOUR
    world.clock.at += 5 * MINUTE
    recoverDefender(world)
    await finish(world.services, world.clock)
    release()
    expect(await late).toBe('LeaseLostError')
    await expectConsistent(world.services, [world.first, world.second])
  })
})

describe('the lease', () => {
  it('is renewed while calls go on and nothing is written', async () => {
    const world = await startScriptedWorld({ SYNC_LEASE_SECONDS: '30', SYNC_CONCURRENCY: '1' })
    world.script.machines = Array.from({ length: 60 }, (_, index) => machineOf(index))
    world.script.callMilliseconds = 1_000
    await world.begin(START)
    expect((await finish(world.services, world.clock, 5)).map(({ kind }) => kind)).toEqual(['more', 'ended'])
  })

  it('is let go when the slice cannot even begin', async () => {
    const world = await startScriptedWorld({ SYNC_LEASE_SECONDS: '3600' })
    world.script.machines = [machineOf(1)]
    await world.begin(START)
    const failing = world.another({}, world.clock, (client, table) => {
      if (table === 'kbs')
        client.pipeline.addPolicy(
          { name: 'fails', sendRequest: () => Promise.reject(new Error('storage gave up')) },
          { beforePolicies: ['exponentialRetryPolicy'] },
        )
      return client
    })
    await expect(tick(failing)).rejects.toThrow('storage gave up')
    world.clock.at += MINUTE
    expect((await tick(world.services)).kind).toBe('ended')
  })
})
