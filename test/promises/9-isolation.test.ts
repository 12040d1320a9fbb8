import { describe, expect, it } from 'vitest'
import { simulatedClock, type SimulatedClock } from '../../dev/simulated-clock.ts'
import type { DefenderClient } from '../../src/defender/index.ts'
import type { TenantState } from '../../src/domain/index.ts'
import { Instances, type InstancesOptions } from '../support/instances.ts'
import { type ManyWorld, startManyWorld, tenantIdAt } from '../support/many-world.ts'
import { HOUR, MINUTE, REFERENCE } from '../support/world.ts'

const SMALL = 24
const TROUBLE = tenantIdAt(SMALL + 1)
const START = REFERENCE + 2 * MINUTE

/** A slice, and the minute in which the next one is sent. */
const A_SLICE_MS = 60_000 + MINUTE

/** All tenants are due at 02:00; when each has ended its snapshot, by its id. Of the last one, which is in trouble, that is not asked. */
async function endsOf(
  world: ManyWorld,
  prefix: string,
  options: InstancesOptions,
  isThere: boolean,
  row: Partial<TenantState> = {},
): Promise<{ ends: Map<string, number | undefined>; instances: Instances }> {
  const small = world.tenantIds.filter((tenantId) => tenantId !== TROUBLE)
  await world.register(prefix, {}, isThere ? world.tenantIds : small)
  const { store } = world.open(prefix, simulatedClock(REFERENCE))
  const read = isThere ? await store.of(TROUBLE).tenant.get() : undefined
  if (read) await store.of(TROUBLE).tenant.patch(row, read.etag)
  const instances = new Instances(world, prefix, { slots: 4, ...options })
  await instances.run(START, START + HOUR)
  return { ends: new Map(small.map((tenantId) => [tenantId, instances.endOf(tenantId)])), instances }
}

type Wrap = (usual: DefenderClient, clock: SimulatedClock) => DefenderClient

/** The last tenant's Defender is wrapped; the others' are as they are. */
const onlyTrouble = (wrap: Wrap): InstancesOptions => ({
  defenderOf: (tenantId, usual, clock) => (tenantId === TROUBLE ? wrap(usual, clock) : usual),
})

const reset = () =>
  Promise.resolve({ kind: 'fault' as const, fault: { kind: 'transient' as const, code: 'connectionFailed', detail: 'reset' } })

const resetting: Wrap = (usual) => ({ ...usual, listMachines: reset, missingKbs: reset, machine: reset })

/** Longer than a call is waited for. */
const slow: Wrap = (usual, clock) => {
  const late = async () => {
    await clock.sleep(30_000)
    return { kind: 'fault' as const, fault: { kind: 'transient' as const, code: 'timeout', detail: 'no complete answer in time' } }
  }
  return { ...usual, listMachines: late, missingKbs: late, machine: late }
}

const TROUBLES: Record<string, { options?: InstancesOptions; row?: Partial<TenantState> }> = {
  'has 250 times as many machines': {},
  'answers in 30 s': { options: onlyTrouble(slow) },
  'resets every connection': { options: onlyTrouble(resetting) },
  'has settings that cannot be read': { row: { schedule: 'whenever', cloud: 'nine' } },
  'kills every process that takes it up': { options: { diesAt: (_, tenantId) => (tenantId === TROUBLE ? 9 : Infinity) } },
}

describe('promise 9: one tenant in trouble', () => {
  const start = async () => {
    const machines = [...Array.from({ length: SMALL }, () => ({ machines: 10 })), { machines: 2_500 }]
    return startManyWorld({ tenants: machines, environment: { SYNC_CALLS_PER_MINUTE: '50', SYNC_CALLS_PER_HOUR: '1500' } })
  }

  it('ends no other tenant later than without it by more than a slice', { timeout: 600_000 }, async () => {
    const world = await start()
    const { ends: without } = await endsOf(world, 'without', {}, false)
    expect([...without.values()]).not.toContain(undefined)
    for (const [index, [name, { options = {}, row = {} }]] of Object.entries(TROUBLES).entries()) {
      const { ends, instances } = await endsOf(world, `w${index}`, options, true, row)
      for (const [tenantId, end = Infinity] of ends) {
        expect(end - (without.get(tenantId) ?? 0), `${tenantId} beside one that ${name}`).toBeLessThanOrEqual(A_SLICE_MS)
      }
      const endings = instances.deliveries.flatMap(({ tenantId, result }) =>
        tenantId === TROUBLE && result.kind === 'ended' ? [result.status] : [],
      )
      expect(endings, name).not.toContain('completed')
    }
  })
})
