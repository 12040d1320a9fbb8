import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTenant } from '../../src/open-tenant.ts'
import type { Snapshot, UnknownMachine } from '../../src/domain/index.ts'
import { type Azurite, startAzurite } from '../../dev/azurite.ts'
import type { Faults } from '../../dev/simulator/index.ts'
import { EXPORT_FAULTS } from '../../dev/simulator/export/export-faults.ts'
import { FAULTS } from '../../dev/simulator/faults.ts'
import { DEFENDER_POLICY } from '../../src/defender/index.ts'
import { snapshotAt, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import { DAY, REFERENCE } from '../support/world.ts'

interface Expected {
  fault: Partial<Faults>
  /** The causes that the machines without an observation are stored with; none when the retries cure the fault. */
  codes: string[]
  status: Snapshot['status']
}

const half = { rate: 0.5 }

/** Every way in which the simulator can misbehave. The machines themselves stand still: any change found is a false one. */
const CASES: Record<string, Expected> = {
  'a 404 that clears on the first retry': { fault: { notFoundOnce: {} }, codes: [], status: 'completed' },
  'a 404 that clears on the second retry': { fault: { notFoundTimes: {} }, codes: [], status: 'completed' },
  'a 404 that never clears': { fault: { notFoundForever: half }, codes: ['ResourceNotFound'], status: 'incomplete' },
  'a 502 with a page of HTML': { fault: { html502: {} }, codes: ['http502'], status: 'incomplete' },
  'a 500 now and then': { fault: { error500: { rate: 0.3 } }, codes: [], status: 'completed' },
  'a body that breaks off': { fault: { truncatedBody: {} }, codes: ['connectionFailed'], status: 'incomplete' },
  'a connection that is reset': { fault: { reset: {} }, codes: ['connectionFailed'], status: 'incomplete' },
  'no answer at all': { fault: { hang: { rate: 0.06 } }, codes: [], status: 'completed' },
  'a value that is no array, or a body that is no object': {
    fault: { malformedShape: {} },
    codes: ['malformedBody'],
    status: 'incomplete',
  },
  'a next page on a foreign host': { fault: { foreignNextLink: {} }, codes: ['foreignNextLink'], status: 'incomplete' },
  'one empty answer': { fault: { emptyOnce: {} }, codes: [], status: 'completed' },
  'nulls in every field but the id': { fault: { nullFields: {} }, codes: [], status: 'completed' },
  'the same KBs twice': { fault: { duplicateRows: {} }, codes: [], status: 'completed' },
  'rows without an id, alone where a machine misses nothing': { fault: { emptyIds: half }, codes: ['malformedBody'], status: 'incomplete' },
  'answers that come late': { fault: { slow: { milliseconds: 20 } }, codes: [], status: 'completed' },
  'a 429 now and then': { fault: { throttled: { rate: 0.3, limit: 4, retryAfterSeconds: 5 } }, codes: [], status: 'completed' },
  'one expired token': { fault: { expiredTokenOnce: {} }, codes: [], status: 'completed' },
  'a tenant without a licence': { fault: { unlicensed: {} }, codes: [], status: 'failed' },
  'a missing role': { fault: { missingRole: { on: ['missingKbs'] } }, codes: ['notAsked'], status: 'failed' },
  'a 404 instead of the first page of the list': { fault: { listNotFound: {} }, codes: [], status: 'completed' },
  'a list that fails': { fault: { list500: {} }, codes: [], status: 'incomplete' },
  'a list that repeats rows': { fault: { listRepeatedRows: {} }, codes: [], status: 'completed' },
  'a list whose next page is itself': { fault: { listPageLoop: {} }, codes: [], status: 'completed' },
  'a list whose next page is on a foreign host': { fault: { listForeignNextLink: {} }, codes: [], status: 'completed' },
  'machines that drop out of the list': { fault: { listFlap: half }, codes: [], status: 'completed' },
}

describe('promise 1: no answer is not an empty answer', () => {
  let tables: Azurite
  beforeAll(async () => {
    tables = await startAzurite()
  })
  afterAll(() => tables.close())

  for (const [index, [name, { fault, codes, status }]] of Object.entries(CASES).entries()) {
    it(`finds no change through ${name}`, async () => {
      const frozenWorld = await startFrozenWorld({ machines: 24, seed: 3, tables })
      const run = await startRun(frozenWorld, `case${index}`)
      const { store } = openTenant(run.services)
      const first = await snapshotAt(frozenWorld, run, REFERENCE)
      expect(await store.snapshots.get(first)).toMatchObject({ status: 'completed', unknown: 0 })
      expect((await store.snapshots.get(first))?.missingPairs).toBeGreaterThan(10)

      frozenWorld.world.simulator.setFaults(fault)
      const second = await snapshotAtStandstill(frozenWorld, run, DAY)
      const row = await store.snapshots.get(second)
      expect(row).toMatchObject({ status, appeared: 0, resolved: 0 })
      const unknown: UnknownMachine[] = []
      for await (const page of store.snapshots.unknownPages(second)) unknown.push(...page)
      expect([...new Set(unknown.map(({ code }) => code))]).toEqual(codes)
      expect(unknown).toHaveLength(row?.unknown ?? -1)

      const silenced = Object.fromEntries(Object.keys(fault).map((key) => [key, false])) as Partial<Faults>
      frozenWorld.world.simulator.setFaults(silenced)
      const third = await snapshotAtStandstill(frozenWorld, run, 2 * DAY)
      expect(await store.snapshots.get(third)).toMatchObject({ status: 'completed', appeared: 0, resolved: 0 })
    })
  }

  it('is tried with every fault of the simulator, but the one that names other KBs', () => {
    const tried = Object.values(CASES).flatMap(({ fault }) => Object.keys(fault))
    expect(tried.sort()).toEqual(
      Object.keys(FAULTS)
        // Who asks machine by machine never meets these.
        .filter((fault) => !(fault in EXPORT_FAULTS))
        .filter((name) => name !== 'nonNumericIds')
        .sort(),
    )
  })

  it('takes no list for an empty one when only its last attempt is a 404', async () => {
    const frozenWorld = await startFrozenWorld({ machines: 4, seed: 3, tables })
    const run = await startRun(frozenWorld, 'list')
    const { defender } = run.services
    await snapshotAt(frozenWorld, run, REFERENCE)
    let asked = 0
    const listMachines: typeof defender.listMachines = async () => {
      const status = ++asked % (1 + DEFENDER_POLICY.retriesInSlice) === 0 ? 404 : 502
      return { kind: 'fault', fault: { kind: 'transient', status, code: 'unwell', detail: 'not now' } }
    }
    const services = { ...run.services, defender: { ...defender, listMachines } }
    const second = await snapshotAt(frozenWorld, { ...run, services }, REFERENCE + DAY)
    expect(await openTenant(run.services).store.snapshots.get(second)).toMatchObject({ listingComplete: false, status: 'incomplete' })
  })
})

/** A snapshot on a later day of ours and the same day of Defender's. */
async function snapshotAtStandstill(
  frozenWorld: Parameters<typeof snapshotAt>[0],
  run: Parameters<typeof snapshotAt>[1],
  later: number,
): Promise<string> {
  const standing = { world: frozenWorld.world, frozen: { at: REFERENCE } }
  return snapshotAt(standing, run, REFERENCE + later)
}
