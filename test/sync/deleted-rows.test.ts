import { HttpRequest } from '@azure/functions'
import { describe, expect, it } from 'vitest'
import { feedRoute } from '../../src/feed/index.ts'
import { diffsSummaryRoute } from '../../src/http/routes/diffs-summary.ts'
import { diffsRoute } from '../../src/http/routes/diffs.ts'
import { snapshotsRoute } from '../../src/http/routes/snapshots.ts'
import { tick } from '../../src/sync/index.ts'
import { faultOf, finish, kbOf, machineOf, type ScriptedWorld, START, startScriptedWorld, TENANT } from '../support/scripted-world.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
const idOf = (index: number) => machineOf(index).machineId

async function startHistory(days: readonly number[]) {
  const world = await startScriptedWorld()
  world.script.machines = [machineOf(1), machineOf(2)]
  const ids: string[] = []
  for (const day of days) {
    world.script.kbs.set(idOf(1), [kbOf(`50${10 + day}`)])
    ids.push(await world.snapshot(START + day * DAY))
  }
  return { world, ids }
}

const deleteTenant = (world: ScriptedWorld) => world.openTable('tenants').deleteEntity('tenant', TENANT)

const programOf = ({ services }: ScriptedWorld) => ({ kind: 'ready', services, outside: services.outside, reported: true }) as const

async function get(world: ScriptedWorld, path: string) {
  const route = path.startsWith('diffs/summary') ? diffsSummaryRoute : path.startsWith('diffs') ? diffsRoute : snapshotsRoute
  // Each is served with its own types.
  const answer = route.serve(() => programOf(world))
  const { status, body } = await answer(new HttpRequest({ method: 'GET', url: `https://host/api/${path}` }))
  return { status, json: JSON.parse(typeof body === 'string' ? body : '{}') as Record<string, unknown> }
}

describe("a tenant's row that was deleted", () => {
  it('comes back with all that its snapshots tell', async () => {
    const { world, ids } = await startHistory([0, 1, 2])
    const before = (await world.tenant()).tenant
    await deleteTenant(world)
    world.clock.at += 2 * HOUR
    expect(await tick(world.services)).toEqual({ kind: 'idle' })
    const { tenant } = await world.tenant()
    const names = [
      'oldestSnapshotId',
      'lastSnapshotId',
      'baselineSnapshotId',
      'lastEndedSnapshotId',
      'lastEndedAt',
      'lastAnsweredAt',
    ] as const
    for (const name of names) expect(tenant[name], name).toBe(before[name])
    const { json } = await get(world, 'snapshots')
    expect((json['snapshots'] as { snapshotId: string }[]).map(({ snapshotId }) => snapshotId)).toEqual(ids.toReversed())
  })

  it('takes nobody who joins for baseline', async () => {
    const { world } = await startHistory([0, 1])
    await deleteTenant(world)
    await tick(world.services)
    world.script.machines.push(machineOf(3))
    world.script.kbs.set(idOf(3), [kbOf('5001')])
    expect(await world.changesOf(await world.snapshot(START + 2 * DAY))).toEqual(['3 5001 appeared machineAdded'])
  })

  it('goes on with the snapshot that was under way, and calls nobody before the hour is over whose calls it forgot', async () => {
    const { world } = await startHistory([0])
    world.script.missingKbs = (machineId) => (machineId === idOf(2) ? faultOf('throttled', 429) : undefined)
    const snapshotId = await world.begin(START + DAY)
    await tick(world.services)
    world.script.missingKbs = () => undefined
    await deleteTenant(world)
    const calls = world.script.calls
    const deletedAt = world.clock.at
    expect((await tick(world.services)).kind).toBe('waiting')
    await finish(world.services, world.clock)
    expect(world.clock.at - deletedAt).toBeGreaterThanOrEqual(HOUR)
    expect(world.script.calls).toBeGreaterThan(calls)
    expect(await world.row(snapshotId)).toMatchObject({ status: 'completed', observed: 2 })
    expect((await world.tenant()).tenant.lastEndedSnapshotId).toBe(snapshotId)
  })
})

describe("a month's changes that were deleted", () => {
  /** Two snapshots in March, two in April. */
  const DAYS = [0, 10, 31, 35]

  it.each(['diffs', 'diffs/summary'])('make %s 410, with the oldest snapshot that can be compared with', async (path) => {
    const { world, ids } = await startHistory(DAYS)
    await world.openTable('changes202603').deleteTable()
    const gone = await get(world, `${path}?from=${ids[0]}`)
    expect(gone.status).toBe(410)
    expect(gone.json).toMatchObject({ type: 'urn:patchtrail:problem:historyGone', oldestSnapshotId: ids[1] })
    expect((await get(world, `${path}?from=${String(gone.json['oldestSnapshotId'])}`)).status).toBe(200)
  })

  it('do so too where the table was made again since', async () => {
    const { world, ids } = await startHistory(DAYS)
    await world.openTable('changes202604').deleteTable()
    world.script.kbs.set(idOf(1), [kbOf('5099')])
    ids.push(await world.snapshot(START + 36 * DAY))
    expect(await get(world, `diffs?from=${ids[1]}`)).toMatchObject({ status: 410, json: { oldestSnapshotId: ids[3] } })
    expect((await get(world, `diffs?from=${ids[3]}`)).status).toBe(200)
  })

  it('make the feed say so', async () => {
    const { world } = await startHistory(DAYS)
    const answer = feedRoute.serve(() => programOf(world))
    const read = async () => (await answer(new HttpRequest({ method: 'GET', url: 'https://host/api/odata/Changes' }))).status
    expect(await read()).toBe(200)
    await world.openTable('changes202603').deleteTable()
    expect(await read()).toBe(410)
  })

  it('are nothing where none were made', async () => {
    const { world, ids } = await startHistory([0])
    ids.push(await world.snapshot(START + 31 * DAY), await world.snapshot(START + 32 * DAY))
    expect((await get(world, `diffs?from=${ids[0]}`)).json['changes']).toEqual([])
  })
})
