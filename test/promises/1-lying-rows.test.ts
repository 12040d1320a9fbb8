import { describe, expect, it } from 'vitest'
import { decodeMachines } from '../../src/defender/wire.ts'
import { tick } from '../../src/sync/index.ts'
import { faultOf, idOf, kbOf, machineOf, type ScriptedWorld, START, startScriptedWorld, TENANT } from '../support/scripted-world.ts'
import { collect, collectPages } from '../support/stores.ts'
import { DAY } from '../support/world.ts'

const BAD = idOf(2)

/** Three machines that miss two KBs each, and a snapshot that says so. */
async function startThree() {
  const world = await startScriptedWorld()
  world.script.machines = [1, 2, 3].map((index) => machineOf(index))
  for (const { machineId } of world.script.machines) world.script.kbs.set(machineId, [kbOf('1'), kbOf('2')])
  const first = await world.snapshot(START)
  return { world, first }
}

/** Writes to a row behind the program's back. */
const rewrite = (world: ScriptedWorld, table: string, partitionKey: string, rowKey: string, values: Record<string, unknown>) =>
  world.openTable(table).upsertEntity({ partitionKey, rowKey, ...values }, 'Merge')

const eventsOf = (world: ScriptedWorld) => world.log.map(({ event }) => event)

/** The bad machine's first answer is empty, and those after it are as usual. */
function emptyOnce(world: ScriptedWorld) {
  let asked = 0
  const observedAt = new Date(world.clock.now()).toISOString()
  world.script.missingKbs = (machineId) =>
    machineId === BAD && asked++ === 0 ? { kind: 'observed', kbs: [], dropped: 0, observedAt } : undefined
}

describe('promise 1: a row that reads well and lies', () => {
  it.each([{ missing: 0 }, { missingKbIds: '' }, { missingKbIds: '*', missing: 0 }, { missingKbIds: '7', missing: 2 }])(
    'of a machine (%j) closes nothing, and what is missing is told by the intervals',
    async (lie) => {
      const { world } = await startThree()
      await rewrite(world, 'machines', TENANT, BAD, lie)
      emptyOnce(world)
      expect(await world.changesOf(await world.snapshot(START + DAY))).toEqual([])
      await rewrite(world, 'machines', TENANT, BAD, lie)
      world.script.missingKbs = () => undefined
      world.script.kbs.set(BAD, [])
      expect(await world.changesOf(await world.snapshot(START + 2 * DAY))).toEqual(['2 1 resolved reassessed', '2 2 resolved reassessed'])
    },
  )

  it('of a machine that was deleted: what it missed is not forgotten, and not believed gone at once', async () => {
    const { world } = await startThree()
    await world.openTable('machines').deleteEntity(TENANT, BAD)
    emptyOnce(world)
    expect(await world.changesOf(await world.snapshot(START + DAY))).toEqual([])
    await world.openTable('machines').deleteEntity(TENANT, BAD)
    world.script.missingKbs = () => undefined
    world.script.kbs.set(BAD, [])
    expect(await world.changesOf(await world.snapshot(START + 2 * DAY))).toEqual(['2 1 resolved reassessed', '2 2 resolved reassessed'])
  })

  it('that it is not wanted, since the listing: unknown, and nothing is excluded', async () => {
    const { world } = await startThree()
    world.script.missingKbs = (machineId) => (machineId === idOf(1) ? faultOf('throttled', 429, { retryAfterSeconds: 1 }) : undefined)
    const snapshotId = await world.begin(START + DAY)
    await tick(world.another({ SYNC_CONCURRENCY: '1' }))
    await rewrite(world, 'machines', TENANT, idOf(3), { wanted: false })
    world.script.missingKbs = () => undefined
    world.clock.at += 120_000
    await tick(world.services)
    expect(await world.changesOf(snapshotId)).toEqual([])
    expect(await world.store.machines.get(idOf(3))).toMatchObject({ missing: 2, code: 'unprocessable' })
  })

  it.each([
    { resolvedSnapshotId: 'yesterday', resolvedReason: 'installed' },
    { resolvedSnapshotId: '20260301T020000Z', resolvedReason: '' },
  ])('that an interval has ended (%j): it has not', async (lie) => {
    const { world, first } = await startThree()
    await rewrite(world, 'missingkbs', `${TENANT}|${BAD}`, `1|${first}`, lie)
    world.script.kbs.get(BAD)?.push(kbOf('3'))
    expect(await world.changesOf(await world.snapshot(START + DAY))).toEqual(['2 3 appeared new'])
    expect((await world.store.missingKbs.read(BAD)).intervals.filter(({ resolvedSnapshotId }) => resolvedSnapshotId !== null)).toEqual([])
  })
})

describe('a row that says other than its key', () => {
  it.each([{ appearedSnapshotId: '20260303T015800Z' }, { appearedSnapshotId: 'x'.repeat(30_000) }, { kbId: '7' }])(
    'of an interval is the one of its key, and is closed as that (%#)',
    async (lie) => {
      const { world, first } = await startThree()
      await rewrite(world, 'missingkbs', `${TENANT}|${BAD}`, `1|${first}`, lie)
      world.script.kbs.set(BAD, [kbOf('2')])
      const second = await world.snapshot(START + DAY)
      expect(await world.row(second)).toMatchObject({ status: 'completed', observed: 3 })
      expect(await world.changesOf(second)).toEqual(['2 1 resolved reassessed'])
      const rows = await collect(world.openTable('missingkbs').listEntities())
      expect(rows.filter(({ partitionKey }) => partitionKey === `${TENANT}|${BAD}`)).toHaveLength(3)
    },
  )

  it('of a KB, or of its totals, is the one of its key, and a key that no KB has is nobody', async () => {
    const { world, first } = await startThree()
    await rewrite(world, 'kbs', TENANT, '1', { kbId: '7' })
    await rewrite(world, 'kbtotals', `${TENANT}|${first}`, '1', { kbId: '7' })
    for (const key of ['é', ':', '"']) await rewrite(world, 'kbs', TENANT, key, { kbId: '8' })
    const second = await world.snapshot(START + DAY)
    const idsOf = async (rows: AsyncIterable<{ kbId: string }[]>) => (await collectPages(rows)).map(({ kbId }) => kbId)
    expect(await idsOf(world.store.kbs.pages())).toEqual(['1', '2'])
    expect(await idsOf(world.store.kbTotals.pages(first))).toEqual(['1', '2'])
    expect(await idsOf(world.store.kbTotals.pages(second))).toEqual(['1', '2'])
  })
})

describe('rows that are nobody of ours', () => {
  it.each(['"', 'a|', 'latest', '20261399T000000Z'])('among the snapshots (%s) are none', async (rowKey) => {
    const { world, first } = await startThree()
    await rewrite(world, 'snapshots', TENANT, rowKey, { status: 'completed', phase: 'ended', listed: 3 })
    await world.openTable('tenants').deleteEntity('tenant', TENANT)
    world.clock.at = START + DAY
    await tick(world.services)
    const second = await world.snapshot(START + DAY)
    expect((await collect(world.store.snapshots.range('', '~'))).map(({ snapshotId }) => snapshotId)).toEqual([first, second])
    expect(eventsOf(world)).toContain('row.unreadable')
  })

  it.each(['..', '.', "o''brien", 'é'])('among the machines (%s) are none, and are not asked for', async (rowKey) => {
    const { world } = await startThree()
    await rewrite(world, 'machines', TENANT, rowKey, { osPlatform: 'Windows11', wanted: true })
    expect(await world.row(await world.snapshot(START + DAY))).toMatchObject({ status: 'completed', notListed: 0, observed: 3 })
  })

  it('a machine that is listed with dots for an id would be another path', () => {
    const decoded = decodeMachines({ value: [{ id: '..' }, { id: '.' }, { id: '...' }, { id: 'a..b' }] })
    expect(decoded).toMatchObject({ ok: true, value: { dropped: 3, machines: [{ machineId: 'a..b' }] } })
  })
})

it.each(['activeSnapshotId', 'lastSnapshotId', 'lastEndedSnapshotId', 'oldestSnapshotId', 'baselineSnapshotId'])(
  "a text in %s of a tenant's row that is no snapshot stops nothing, hides no snapshot, and makes nobody a part of the baseline",
  async (name) => {
    const { world, first } = await startThree()
    await rewrite(world, 'tenants', 'tenant', TENANT, { [name]: 'completed' })
    expect(await tick(world.services)).toMatchObject({ kind: 'idle' })
    world.script.machines = [...world.script.machines, machineOf(4)]
    world.script.kbs.set(idOf(4), [kbOf('1')])
    const second = await world.snapshot(START + DAY)
    expect(await world.row(second)).toMatchObject({ status: 'completed', observed: 4 })
    expect(await world.changesOf(second)).toEqual(['4 1 appeared machineAdded'])
    const { oldestSnapshotId } = (await world.tenant()).tenant
    const newestFirst = await collect(world.store.snapshots.newestFirst('29991231T000000Z', oldestSnapshotId))
    expect(newestFirst.map(({ snapshotId }) => snapshotId)).toEqual([second, first])
  },
)

it.each([{ activeSnapshotId: '20991231T235959Z' }, { activeSnapshotId: '99991231T235959Z' }, { lastSnapshotId: '99991231T235959Z' }])(
  "a snapshot in a tenant's row that is later than all that were begun, or that none can follow (%j), is nobody's",
  async (lie) => {
    const { world, first } = await startThree()
    await rewrite(world, 'tenants', 'tenant', TENANT, lie)
    expect(await tick(world.services)).toMatchObject({ kind: 'idle' })
    world.script.kbs.get(BAD)?.push(kbOf('3'))
    const second = await world.snapshot(START + DAY)
    expect([first, second]).toEqual(['20260302T015800Z', '20260303T015800Z'])
    expect(await world.changesOf(second)).toEqual(['2 3 appeared new'])
  },
)
