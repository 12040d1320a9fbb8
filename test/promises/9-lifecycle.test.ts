import { beforeEach, describe, expect, it } from 'vitest'
import { simulatedClock } from '../../dev/simulated-clock.ts'
import { NOTHING_SET } from '../../src/domain/index.ts'
import { openAskedTenant } from '../../src/open-tenant.ts'
import { disableTenant, hideTenant, registerTenant, requestSnapshot } from '../../src/sync/index.ts'
import { takeMessage } from '../../src/sync/dispatch/take-message.ts'
import { dispatch } from '../../src/sync/dispatch/dispatch.ts'
import { Instances } from '../support/instances.ts'
import { type ManyWorld, startManyWorld } from '../support/many-world.ts'
import { Mortal } from '../support/mortal.ts'
import { comparableRows } from '../../dev/comparable-rows.ts'
import { openClient } from '../support/table-services.ts'
import { TABLES } from '../support/two-looks.ts'
import { DAY, MINUTE, REFERENCE } from '../support/world.ts'

const SLOWLY = { SYNC_CALLS_PER_MINUTE: '5', SYNC_SCHEDULE: '0 0 0 1 1 *' }

let world: ManyWorld
let prefix = ''
let worlds = 0
beforeEach(async () => {
  world = await startManyWorld({ tenants: [{ machines: 30 }, { machines: 30 }, { machines: 12 }], environment: SLOWLY })
  prefix = `l${(worlds += 1)}`
  await world.register(prefix)
})

const servicesAt = (at: number) => world.open(prefix, simulatedClock(at))
const idOf = (index: number) => world.tenantIds[index] ?? ''

async function tenantAt(tenantId: string, at = REFERENCE) {
  return (await servicesAt(at).store.of(tenantId).tenant.get())?.tenant
}

/** Rows that are left of a tenant, by table. */
async function rowsLeft(tenantId: string): Promise<Map<string, number>> {
  const left = new Map<string, number>()
  const rows = await comparableRows((name) => openClient(world.tables, `${prefix}${name}`), [...TABLES, 'tenants'])
  for (const key of rows.keys()) {
    const [table = '', partition = '', row = ''] = key.split(' ')
    if (partition.startsWith(tenantId) || row === tenantId) left.set(table, (left.get(table) ?? 0) + 1)
  }
  return left
}

/** All tenants' snapshots begun, and so many minutes of them taken. */
async function begun(minutes: number): Promise<Instances> {
  for (const tenantId of world.tenantIds) await requestSnapshot(servicesAt(REFERENCE).store.of(tenantId), REFERENCE)
  const instances = new Instances(world, prefix)
  await instances.run(REFERENCE + MINUTE, REFERENCE + minutes * MINUTE)
  return instances
}

describe('promise 9: a tenant of many', () => {
  it('that is disabled in its snapshot takes no slice any more, and goes on when it is enabled', { timeout: 60_000 }, async () => {
    const instances = await begun(3)
    const { store } = servicesAt(REFERENCE)
    await disableTenant(store.of(idOf(0)))
    const slices = (await tenantAt(idOf(0)))?.activeSlices
    expect(slices).toBeGreaterThan(0)
    await instances.run(REFERENCE + 3 * MINUTE, REFERENCE + 8 * MINUTE)
    expect(await tenantAt(idOf(0))).toMatchObject({ activeSlices: slices, isDisabled: true })
    expect((await tenantAt(idOf(1)))?.activeSlices).toBeGreaterThan(slices ?? 0)
    await registerTenant(store.of(idOf(0)), { ...NOTHING_SET, name: 'back' }, REFERENCE + 8 * MINUTE)
    await instances.run(REFERENCE + 8 * MINUTE, REFERENCE + 40 * MINUTE)
    expect(await tenantAt(idOf(0))).toMatchObject({ endedStatus: 'completed', name: 'back', isDisabled: false })
  })

  it('that is deleted with its history in its snapshot is gone, all of it, and the others keep theirs', { timeout: 60_000 }, async () => {
    const instances = await begun(4)
    const others = [await rowsLeft(idOf(1)), await rowsLeft(idOf(2))]
    const { store } = servicesAt(REFERENCE)
    const hidden = await hideTenant(store.of(idOf(0)), REFERENCE + 4 * MINUTE)
    expect(hidden).toMatchObject({ isDisabled: true, deletedRows: 0 })
    expect(await openAskedTenant(servicesAt(REFERENCE), idOf(0))).toBeUndefined()
    expect(await registerTenant(store.of(idOf(0)), { ...NOTHING_SET, name: 'too early' }, REFERENCE)).toEqual({ kind: 'deleting' })
    await instances.run(REFERENCE + 4 * MINUTE, REFERENCE + 8 * MINUTE)
    expect(await rowsLeft(idOf(0))).toEqual(new Map())
    for (const [index, before] of others.entries()) {
      for (const [table, count] of before) expect((await rowsLeft(idOf(index + 1))).get(table), table).toBeGreaterThanOrEqual(count)
    }
    expect(await registerTenant(store.of(idOf(0)), { ...NOTHING_SET, name: 'again' }, REFERENCE + DAY)).toMatchObject({ isNew: true })
    expect(await tenantAt(idOf(0))).toMatchObject({ name: 'again', lastSnapshotId: null, oldestSnapshotId: null, deletingSince: null })
  })

  it(
    'that is hidden while a slice of it runs loses nothing to that slice: whatever it writes goes as well',
    { timeout: 120_000 },
    async () => {
      const at = REFERENCE + MINUTE
      await requestSnapshot(servicesAt(REFERENCE).store.of(idOf(2)), REFERENCE)
      await dispatch(servicesAt(at))
      const hiding = async () => void (await hideTenant(servicesAt(at).store.of(idOf(2)), at))
      let isHidden = false
      const clock = simulatedClock(at)
      const services = world.open(prefix, clock, {
        defenderOf: (_, usual) => ({
          ...usual,
          missingKbs: async (...args) => {
            if (!isHidden) await hiding()
            isHidden = true
            clock.advance(MINUTE)
            return usual.missingKbs(...args)
          },
        }),
      })
      await expect(takeMessage(services, { tenantId: idOf(2), at: 'x' })).rejects.toThrow(/lease/)
      expect(isHidden).toBe(true)
      // A message that is there already finds that the lease it lost has not run out.
      const row = await servicesAt(at).store.of(idOf(2)).tenant.get()
      if (row)
        await servicesAt(at)
          .store.of(idOf(2))
          .tenant.patch({ dispatchedAt: new Date(at).toISOString() }, row.etag)
      expect(await takeMessage(servicesAt(at + 1_000), { tenantId: idOf(2), at: 'x' })).toEqual({ kind: 'busy' })
      await new Instances(world, prefix).run(at, at + 6 * MINUTE)
      expect(await rowsLeft(idOf(2))).toEqual(new Map())
    },
  )

  it('that is being deleted is gone though every slice of it is killed somewhere', { timeout: 120_000 }, async () => {
    await begun(30)
    await hideTenant(servicesAt(REFERENCE).store.of(idOf(1)), REFERENCE + 31 * MINUTE)
    const instances = new Instances(world, prefix, { diesAt: (deliveries) => 3 + deliveries * 4 })
    await instances.run(REFERENCE + 32 * MINUTE, REFERENCE + 92 * MINUTE)
    expect(instances.deliveries.filter(({ result }) => result.kind === 'killed').length).toBeGreaterThan(3)
    expect(await rowsLeft(idOf(1))).toEqual(new Map())
  })

  it('answers one message for each that was sent, and ignores whatever else comes', { timeout: 60_000 }, async () => {
    const at = REFERENCE + MINUTE
    await requestSnapshot(servicesAt(REFERENCE).store.of(idOf(0)), REFERENCE)
    const ignored = async (message: unknown) => {
      const mortal = new Mortal(Infinity)
      const result = await takeMessage(world.open(prefix, simulatedClock(at), { mortal }), message)
      // Two points a trip: one read at most.
      expect(mortal.points).toBeLessThanOrEqual(2)
      return result
    }
    const message = { tenantId: idOf(0), at: new Date(at).toISOString() }
    expect(await ignored(message)).toEqual({ kind: 'ignored', why: 'stale' })
    for (const foreign of ['', 'hello', null, 7, [], {}, { tenantId: 'contoso' }, { tenantId: 5, at: 'x' }, { at: 'x' }]) {
      expect(await ignored(foreign), JSON.stringify(foreign)).toEqual({ kind: 'ignored', why: 'malformed' })
    }
    const stranger = '99999999-1111-4222-8333-444444444444'
    expect(await ignored({ ...message, tenantId: stranger })).toEqual({ kind: 'ignored', why: 'unknownTenant' })
    expect(await dispatch(servicesAt(at))).toEqual([message])
    const both = await Promise.all([takeMessage(servicesAt(at), message), takeMessage(servicesAt(at), message)])
    expect(both.map(({ kind }) => kind).sort()).toEqual(['busy', 'more'])
    expect(await ignored(message)).toEqual({ kind: 'ignored', why: 'stale' })
    await disableTenant(servicesAt(at).store.of(idOf(1)))
    const { store } = servicesAt(at)
    const row = await store.of(idOf(1)).tenant.get()
    if (row) await store.of(idOf(1)).tenant.patch({ dispatchedAt: message.at }, row.etag)
    expect(await ignored({ ...message, tenantId: idOf(1) })).toEqual({ kind: 'ignored', why: 'disabled' })
  })

  it('is sent its message again after two minutes, then every ten', { timeout: 60_000 }, async () => {
    await requestSnapshot(servicesAt(REFERENCE).store.of(idOf(0)), REFERENCE)
    const sent: number[] = []
    for (let minute = 0; minute < 40; minute++) {
      const messages = await dispatch(servicesAt(REFERENCE + minute * MINUTE))
      if (messages.length > 0) sent.push(minute)
    }
    expect(sent).toEqual([0, 2, 12, 22, 32])
  })
})
