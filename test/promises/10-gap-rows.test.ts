import { describe, expect, it } from 'vitest'
import { openTenant } from '../../src/open-tenant.ts'
import { machineHistoryRoute } from '../../src/http/routes/machine-history.ts'
import { machineMissingKbsRoute } from '../../src/http/routes/machine-missing-kbs.ts'
import { machineRoute } from '../../src/http/routes/machine.ts'
import { snapshotStartAt } from '../../src/domain/index.ts'
import { HttpRequest } from '@azure/functions'
import { faultOf, idOf, kbOf, machineOf, type ScriptedWorld, START, startScriptedWorld, TENANT } from '../support/scripted-world.ts'
import { comparableRows } from '../../dev/comparable-rows.ts'
import { collectPages } from '../support/stores.ts'
import { DAY } from '../support/world.ts'

const BAD = idOf(1)
const NOT_NOW = faultOf('refused', 400)

/** Machines that miss a KB each and are assessed; one of them gives no answer where it is told so. */
async function startFleet() {
  const world = await startScriptedWorld()
  const isMute = { mute: false }
  world.script.machines = [0, 1, 2].map((index) => machineOf(index, { lastSeen: new Date(START + 20 * DAY).toISOString() }))
  for (const { machineId } of world.script.machines) world.script.kbs.set(machineId, [kbOf('1')])
  world.script.missingKbs = (machineId) => (machineId === BAD && isMute.mute ? NOT_NOW : undefined)
  const take = (day: number, mute = false) => {
    isMute.mute = mute
    world.script.machines = world.script.machines.map((machine) => ({ ...machine, lastSeen: new Date(START + day * DAY).toISOString() }))
    return world.snapshot(START + day * DAY)
  }
  return { world, take }
}

async function get({ services }: ScriptedWorld, path: string) {
  const program = { kind: 'ready', services, outside: services.outside, reported: true } as const
  const route = path.endsWith('/history') ? machineHistoryRoute : path.includes('/missing-kbs') ? machineMissingKbsRoute : machineRoute
  const [, machineId = ''] = path.split('/')
  const request = new HttpRequest({ method: 'GET', url: `https://host/api/${path}`, params: { machineId } })
  const { body } = await route.serve(() => program)(request)
  return JSON.parse(typeof body === 'string' ? body : '{}') as Record<string, unknown>
}

async function* rowsOf<T>(pages: AsyncIterable<{ rows: T[] }>): AsyncGenerator<T[]> {
  for await (const { rows } of pages) yield rows
}

const at = (snapshotId: string) => snapshotStartAt(snapshotId)
const gapKey = (snapshotId: string) => ({ partitionKey: `${TENANT}|${BAD}`, rowKey: `gap:${snapshotId}` })
const said = async (world: ScriptedWorld, snapshotId: string) => {
  const { assessed, gap } = await get(world, `machines/${BAD}/missing-kbs?at=${snapshotId}`)
  return { assessed, gap }
}

describe('the gaps of a machine over HTTP', () => {
  it('missing-kbs says whether it was assessed then, its page whether it is, its history every stretch', async () => {
    const { world, take } = await startFleet()
    const ids = [await take(0), await take(1, true), await take(2, true)]
    const [first = '', second = '', third = ''] = ids
    const gap = { kind: 'unknown', code: 'http400', since: at(second) }
    expect(await said(world, first)).toEqual({ assessed: true, gap: undefined })
    for (const id of [second, third]) expect(await said(world, id)).toEqual({ assessed: false, gap })
    expect(await get(world, `machines/${BAD}`)).toMatchObject({
      machineId: BAD,
      state: 'unknown',
      osPlatform: 'Windows11',
      assessed: false,
      gap,
    })
    const fourth = await take(3)
    expect(await said(world, fourth)).toEqual({ assessed: true, gap: undefined })
    expect(await said(world, third)).toEqual({ assessed: false, gap })
    expect(await get(world, `machines/${BAD}`)).toMatchObject({ assessed: true, state: 'observed', missing: 1 })
    expect(await get(world, `machines/${BAD}/history`)).toMatchObject({
      osPlatform: 'Windows11',
      rbacGroupName: null,
      gaps: [{ kind: 'unknown', code: 'http400', from: at(second), to: at(fourth) }],
    })
    // Whoever reads intervals passes over gaps, and takes none for a damaged row.
    const span = { from: { partition: '', row: '' }, to: { partition: '~', row: '' } }
    expect((await collectPages(rowsOf(world.store.missingKbs.span(span)))).map(({ kbId }) => kbId)).toEqual(['1', '1', '1'])
    expect(world.log.filter(({ event }) => event.startsWith('row.'))).toEqual([])
  })
})

describe('rows of before', () => {
  /** As an older version leaves them: no gaps, and nothing that tells of them. */
  async function forget(world: ScriptedWorld) {
    const rows = [...(await comparableRows(world.openTable, ['missingkbs'])).values()] as { partitionKey: string; rowKey: string }[]
    for (const { partitionKey, rowKey } of rows) {
      if (rowKey.startsWith('gap:')) await world.openTable('missingkbs').deleteEntity(partitionKey, rowKey)
    }
    for (const index of [0, 1, 2]) {
      await world
        .openTable('machines')
        .updateEntity({ partitionKey: TENANT, rowKey: idOf(index), gap: '', firstListedSnapshotId: '' }, 'Merge')
    }
    await world.store.tenant.patch({ gapsSince: null }, (await world.tenant()).etag)
  }

  it('say of a snapshot what its list and the machine still tell, else that nothing was kept; of since, at least', async () => {
    const { world, take } = await startFleet()
    const [first, second, third] = [await take(0), await take(1, true), await take(2, true)]
    await forget(world)
    expect(await said(world, first)).toEqual({ assessed: null, gap: undefined })
    const unknown = { kind: 'unknown', code: 'http400', atLeast: true }
    expect(await said(world, second)).toEqual({ assessed: false, gap: { ...unknown, since: at(second) } })
    expect(await said(world, third)).toEqual({ assessed: false, gap: { ...unknown, since: at(third) } })
    expect(await get(world, `machines/${BAD}`)).toMatchObject({
      assessed: false,
      gap: { kind: 'unknown', code: 'http400', since: at(third) },
    })
    expect((await get(world, `machines/${idOf(0)}/missing-kbs`))['assessed']).toBe(true)
    const fourth = await take(3, true)
    expect(await said(world, fourth)).toEqual({ assessed: false, gap: { ...unknown, since: at(fourth) } })
    expect((await world.tenant()).tenant.gapsSince).toBe(fourth)
    const fifth = await take(4)
    expect(await said(world, fifth)).toEqual({ assessed: true, gap: undefined })
    expect((await get(world, `machines/${BAD}/history`))['gaps']).toEqual([
      { kind: 'unknown', code: 'http400', from: at(fourth), to: at(fifth), atLeast: true },
    ])
  })
})

describe('rows of gaps that somebody damaged', () => {
  it.each([
    ['kind', { kind: 'nonsense' }, { kind: 'unknown', code: 'http400' }],
    ['code', { code: 7 }, { kind: 'unknown', code: '' }],
    ['toSnapshotId', { toSnapshotId: 'never' }, { kind: 'unknown', code: 'http400' }],
    ['fromSnapshotId', { fromSnapshotId: '20200101T000000Z' }, { kind: 'unknown', code: 'http400' }],
  ])('%s: the machine is taken for none that was assessed, and goes on', async (_, lie, gap) => {
    const { world, take } = await startFleet()
    const ids = [await take(0), await take(1, true)]
    await world.openTable('missingkbs').updateEntity({ ...gapKey(ids[1] ?? ''), ...lie }, 'Merge')
    expect(await said(world, ids[1] ?? '')).toMatchObject({ assessed: false, gap: { ...gap, since: at(ids[1] ?? '') } })
    expect(world.log.map(({ event }) => event)).toContain('row.damaged')
    const next = await take(2)
    expect(await said(world, next)).toEqual({ assessed: true, gap: undefined })
  })

  it("a key that is no snapshot is nobody's row", async () => {
    const { world, take } = await startFleet()
    const first = await take(0)
    await world.openTable('missingkbs').createEntity({ ...gapKey('x'), kind: 'silent', code: 'silent' })
    expect(await said(world, first)).toEqual({ assessed: true, gap: undefined })
    expect((await get(world, `machines/${BAD}/history`))['gaps']).toEqual([])
  })

  it.each([
    [
      'is damaged',
      (world: ScriptedWorld) =>
        world.openTable('machines').updateEntity({ partitionKey: TENANT, rowKey: BAD, gap: '{"kind":"x"}' }, 'Merge'),
    ],
    ['went with its row', (world: ScriptedWorld) => world.openTable('machines').deleteEntity(TENANT, BAD)],
  ])('what stands beside the machine %s: its gap is closed when it ends, and is not opened twice', async (_, damage) => {
    const { world, take } = await startFleet()
    const second = [await take(0), await take(1, true)][1] ?? ''
    await damage(world)
    const third = await take(2, true)
    expect(await said(world, third)).toMatchObject({ assessed: false, gap: { since: at(second) } })
    await damage(world)
    const fourth = await take(3)
    expect(await said(world, fourth)).toEqual({ assessed: true, gap: undefined })
    expect(
      (await openTenant(world.services).store.missingKbs.gaps(BAD)).map(({ fromSnapshotId, toSnapshotId }) => [
        fromSnapshotId,
        toSnapshotId,
      ]),
    ).toEqual([[second, fourth]])
  })
})

describe('what gaps cost', () => {
  it('a snapshot in which nothing changes makes the requests that it made before there were gaps, whatever gaps its machines are in', async () => {
    const world = await startScriptedWorld()
    world.script.machines = Array.from({ length: 250 }, (_, index) =>
      machineOf(index, { ...(index % 5 === 0 && { lastSeen: null }), ...(index % 11 === 0 && { osPlatform: 'Linux' }) }),
    )
    for (const { machineId } of world.script.machines) world.script.kbs.set(machineId, [kbOf('1')])
    world.script.missingKbs = (machineId) => (Number.parseInt(machineId, 16) % 7 === 0 ? NOT_NOW : undefined)
    await world.snapshot(START)
    await world.snapshot(START + DAY)
    const before = structuredClone(world.service.counts().tables)
    await world.snapshot(START + 2 * DAY)
    const { machines = {}, missingkbs = {} } = world.service.counts().tables
    const since = (now: object, then: object = {}) =>
      Object.fromEntries(
        Object.entries(now).map(([kind, count]) => [kind, Number(count) - Number((then as Record<string, number>)[kind] ?? 0)]),
      )
    expect(since(missingkbs, before['missingkbs'])).toEqual({ batch: 0, createTable: 0 })
    // Measured without gaps: three pages read, and a batch a hundred machines that are listed and settled, and once more at the end.
    expect(since(machines, before['machines'])).toEqual({ batch: 8, createTable: 0, query: 3 })
  })
})
