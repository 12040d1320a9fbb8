import type { TableClient } from '@azure/data-tables'
import { HttpRequest } from '@azure/functions'
import { describe, expect, it } from 'vitest'
import { healthRoute } from '../../src/http/routes/health.ts'
import { BUCKETS } from '../../src/store/index.ts'
import { tick } from '../../src/sync/index.ts'
import { collect } from '../support/stores.ts'
import { kbOf, machineOf, type ScriptedWorld, START, startScriptedWorld, TENANT } from '../support/scripted-world.ts'

const DAY = 86_400_000
const MACHINES = [1, 2, 3]
/** Every table but the tenants', which is one row that nothing goes on without. */
const TABLES = ['machines', 'missingkbs', 'snapshots', 'kbs', 'kbtotals', 'changes202603'] as const
/** What a text or a number is never given as. */
const GUID = { type: 'Guid', value: 'd8a3f0c4-6b0e-4ad4-9d0c-2f6c1f6f0c11' }

const hexIdOf = (index: number) => machineOf(index).machineId

/** Machines that miss two KBs each; one of them was installed on the first, so that there is a closed interval. */
async function startHistory() {
  const world = await startScriptedWorld()
  world.script.machines = MACHINES.map((index) => machineOf(index))
  for (const index of MACHINES) world.script.kbs.set(hexIdOf(index), [kbOf('5001'), kbOf('5002')])
  const first = await world.snapshot(START)
  world.script.machines[0] = machineOf(1, { lastSeen: '2026-03-02T12:00:00.000Z' })
  world.script.kbs.set(hexIdOf(1), [kbOf('5001')])
  const second = await world.snapshot(START + DAY)
  return { world, first, second }
}

type Stored = Record<string, unknown> & { partitionKey: string; rowKey: string }

const rowsOf = (client: TableClient) => collect(client.listEntities<Stored>())

/** Rewrites rows of a table; what `change` leaves out stays. */
async function rewrite(world: ScriptedWorld, table: string, change: (row: Stored) => Record<string, unknown>) {
  const client = world.openTable(table)
  for (const row of await rowsOf(client)) {
    const { partitionKey, rowKey } = row
    await client.updateEntity({ partitionKey, rowKey, ...change(row) }, 'Merge')
  }
}

const propertiesOf = (row: Stored) =>
  Object.keys(row).filter((name) => !['partitionKey', 'rowKey', 'etag', 'timestamp', 'odata.metadata'].includes(name))

const damageIn = (world: ScriptedWorld) => world.log.filter(({ event }) => event === 'row.unreadable' || event === 'row.damaged')

describe('numbers that another tool saved as Int64', () => {
  it('are numbers, in every table', async () => {
    const { world } = await startHistory()
    for (const table of [...TABLES, 'tenants']) {
      await rewrite(world, table, (row) =>
        Object.fromEntries(propertiesOf(row).flatMap((name) => (typeof row[name] === 'number' ? [[name, BigInt(row[name])]] : []))),
      )
    }
    world.script.kbs.set(hexIdOf(2), [kbOf('5001'), kbOf('5002'), kbOf('5003')])
    expect(await world.changesOf(await world.snapshot(START + 2 * DAY))).toEqual(['2 5003 appeared new'])
    expect(damageIn(world)).toEqual([])
  })
})

/** Reads what a snapshot may not have had to. */
async function readAll({ store }: ScriptedWorld): Promise<void> {
  for (const { machineId } of MACHINES.map((index) => machineOf(index))) await store.missingKbs.read(machineId)
  for (const { snapshotId } of await collect(store.snapshots.range('2', '3'))) {
    await collect(store.kbTotals.pages(snapshotId))
    for (const bucket of BUCKETS) await collect(store.changes.pages({ snapshotId, bucket }))
  }
}

/** Properties damaged at once. */
const AT_ONCE = 3

describe.each(TABLES)('damaged rows of %s', (table) => {
  it('cost those rows at most, whichever property it is: the snapshot ends, nothing is resolved, the log names them', async () => {
    const { world } = await startHistory()
    const left = [...new Set((await rowsOf(world.openTable(table))).flatMap(propertiesOf))]
    expect(left.length).toBeGreaterThan(3)
    for (let day = 2; left.length > 0; day++) {
      const names = left.splice(0, AT_ONCE)
      const damage = Object.fromEntries(names.map((name) => [name, GUID]))
      await rewrite(world, table, (row) => Object.fromEntries(Object.entries(damage).filter(([name]) => name in row)))
      // Something new, so that intervals are looked at.
      world.script.kbs.get(hexIdOf(2))?.push(kbOf(`600${day}`))
      const snapshotId = await world.snapshot(START + day * DAY)
      expect((await world.row(snapshotId))?.status, names.join()).toBe('completed')
      const changes = await world.changesOf(snapshotId)
      // Where it cannot be read that the first machine's was installed, the answer says so once more.
      expect(changes.filter((change) => change.includes('resolved') && !change.startsWith('1 5002')).join(), names.join()).toBe('')
      expect(changes.join(), names.join()).toMatch(new RegExp(`2 600${day} appeared`))
      await readAll(world)
    }
    const [named, ...others] = damageIn(world)
    expect(named?.fields['table']).toBe(table)
    expect(String(named?.fields['partitionKey'])).toContain(TENANT)
    expect(named?.fields['rowKey']).not.toBe('')
    expect(JSON.stringify([named, ...others])).not.toContain(GUID.value)
  })
})

describe('a machine whose row is damaged', () => {
  it.each(['missing', 'missingKbIds', 'lastObservedSnapshotId', 'settledSnapshotId', 'state', 'wanted', 'lastListedSnapshotId'])(
    'in %s is asked like any other, not believed empty at once, and its row is whole again',
    async (name) => {
      const { world } = await startHistory()
      await world.openTable('machines').updateEntity({ partitionKey: TENANT, rowKey: hexIdOf(2), [name]: GUID }, 'Merge')
      let asked = 0
      world.script.missingKbs = (machineId) => (machineId === hexIdOf(2) && asked++ === 0 ? observedNothing(world) : undefined)
      const snapshotId = await world.snapshot(START + 2 * DAY)
      expect(await world.changesOf(snapshotId)).toEqual([])
      expect(await world.store.machines.get(hexIdOf(2))).toMatchObject({ state: 'observed', missing: 2, missingKbIds: ['5001', '5002'] })
      expect((await world.row(snapshotId))?.missingPairs).toBe(5)
      const before = damageIn(world).length
      await world.snapshot(START + 3 * DAY)
      expect(damageIn(world)).toHaveLength(before)
    },
  )
})

const observedNothing = (world: ScriptedWorld) => ({
  kind: 'observed' as const,
  kbs: [],
  dropped: 0,
  observedAt: new Date(world.clock.now()).toISOString(),
})

describe("a tenant's own row that is damaged", () => {
  it('fails the tick with the name of the property, and health says that it is the row', async () => {
    const { world } = await startHistory()
    await world.openTable('tenants').updateEntity({ partitionKey: 'tenant', rowKey: TENANT, activeCalls: GUID }, 'Merge')
    await expect(tick(world.services)).rejects.toThrow(/tenants has .*activeCalls: object/)
    const program = { kind: 'ready', services: world.services, outside: world.services.outside, reported: true } as const
    const response = await healthRoute.serve(() => program)(new HttpRequest({ method: 'GET', url: 'https://host/api/health' }))
    expect(response.status).toBe(503)
    expect(JSON.stringify(response.body)).toContain("tenant's own row")
  })

  it.each(['', 'yesterday', '2026-13-99'])('in scheduledThrough (%j) counts the schedule from now', async (text) => {
    const { world } = await startHistory()
    await world.openTable('tenants').updateEntity({ partitionKey: 'tenant', rowKey: TENANT, scheduledThrough: text }, 'Merge')
    expect(await tick(world.services)).toEqual({ kind: 'idle' })
    expect((await world.tenant()).tenant.scheduledThrough).not.toBeNull()
  })
})
