import { describe, expect, it } from 'vitest'
import { openTenant } from '../../src/open-tenant.ts'
import type { Environment } from '../../src/config/index.ts'
import { type DefenderClient, DEFENDER_POLICY } from '../../src/defender/index.ts'
import { type FrozenWorld, type Run, snapshotAt, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import { expectEverythingHappens, LOOKS, rowsOfRun, setFaultsOf } from '../support/two-looks.ts'
import { REFERENCE } from '../support/world.ts'
import { sized } from '../support/test-size.ts'

const CALL_MILLISECONDS = 1_000

/** As many as there are attempts before the one at the snapshot's end. */
const WRONG_404S = 1 + DEFENDER_POLICY.retriesInSlice

const NOT_FOUND = { kind: 'fault', fault: { kind: 'transient', status: 404, code: 'ResourceNotFound', detail: 'not now' } } as const

/** Every call takes a second; some machines, and the list, are not found until they are asked for the last time. */
function slowAndForgetful({ services, clock }: Run, forgotten: ReadonlySet<string>): DefenderClient {
  const { defender } = services
  const wrong404s = new Map<string, number>()
  const isForgotten = (what: string, times: number) => {
    const before = wrong404s.get(what) ?? 0
    wrong404s.set(what, before + 1)
    return before < times
  }
  const forgetsMachine = (machineId: string) => forgotten.has(machineId) && isForgotten(machineId, WRONG_404S)
  const forgetsList = () => isForgotten('the list', DEFENDER_POLICY.retriesInSlice)
  const inASecond = <T>(answer: () => Promise<T>) => clock.sleep(CALL_MILLISECONDS).then(answer)
  return {
    ...defender,
    listMachines: (request) => inASecond(async () => (forgetsList() ? NOT_FOUND : defender.listMachines(request))),
    machine: (machineId) => inASecond(() => defender.machine(machineId)),
    missingKbs: (machineId, anotherCall) =>
      inASecond(async () => (forgetsMachine(machineId) ? NOT_FOUND : defender.missingKbs(machineId, anotherCall))),
  }
}

/** Takes both snapshots; all rows, and how many slices the last snapshot took. */
async function takeBoth(frozenWorld: FrozenWorld, prefix: string, environment: Environment) {
  const run = await startRun(frozenWorld, prefix, environment)
  const forgotten = new Set([...frozenWorld.world.simulator.truth(REFERENCE).keys()].slice(-3))
  let snapshotId = ''
  for (const [look, at] of LOOKS.entries()) {
    setFaultsOf(look, frozenWorld.world)
    const services = { ...run.services, defender: slowAndForgetful(run, forgotten) }
    snapshotId = await snapshotAt(frozenWorld, { ...run, services }, at)
  }
  const snapshot = await openTenant(run.services).store.snapshots.get(snapshotId)
  return { rows: await rowsOfRun(run), slices: snapshot?.slices ?? 0 }
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1))

describe('promise 2: cut anywhere, resume, same result', () => {
  const cuts: Record<string, Environment[]> = {
    budget: upTo(30).map((calls) => ({ SYNC_CALLS_PER_MINUTE: calls })),
    deadline: upTo(40)
      .slice(4)
      .map((seconds) => ({ SYNC_SLICE_SECONDS: seconds, SYNC_CONCURRENCY: '2' })),
  }
  for (const [name, environments] of Object.entries(cuts)) {
    it(`holds wherever the ${name} cuts a snapshot into slices`, { timeout: 600_000 }, async () => {
      const frozenWorld = await startFrozenWorld({ machines: 20, seed: 18, tables: 'tableService' })
      const whole = await takeBoth(frozenWorld, 'whole', { SYNC_SLICE_SECONDS: '540' })
      expectEverythingHappens([...whole.rows.values()])
      expect(whole.slices).toBe(1)
      const step = sized(9, 1)
      for (const [index, environment] of environments.filter((_, index) => index % step === 0).entries()) {
        const cut = await takeBoth(frozenWorld, `cut${index}`, environment)
        expect.soft(cut.rows, `${JSON.stringify(environment)}, ${cut.slices} slices`).toEqual(whole.rows)
      }
    })
  }
})
