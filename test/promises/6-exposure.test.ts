import { describe, expect, it } from 'vitest'
import { idOf, kbOf, machineOf, START, startScriptedWorld, TENANT, type ScriptedWorld } from '../support/scripted-world.ts'
import { DAY } from '../support/world.ts'

const seen = (day: number) => new Date(START + day * DAY - 3_600_000).toISOString()

/** A machine that misses a on the first day, then b in its place, then c; it reports every day. */
async function startChain(): Promise<{ world: ScriptedWorld; days: (kbIds: string[][], from?: number) => Promise<string[]> }> {
  const world = await startScriptedWorld()
  const days = async (kbIds: string[][], from = 0) => {
    const snapshotIds: string[] = []
    for (const [index, ids] of kbIds.entries()) {
      world.script.machines = [machineOf(0, { lastSeen: seen(from + index) })]
      world.script.kbs.set(idOf(0), ids.map(kbOf))
      snapshotIds.push(await world.snapshot(START + (from + index) * DAY))
    }
    return snapshotIds
  }
  return { world, days }
}

const intervalsOf = async ({ store }: ScriptedWorld) => {
  const { intervals } = await store.missingKbs.read(idOf(0))
  return intervals.map(({ kbId, exposedSince, exposedAtLeast, stillExposed }) => ({ kbId, exposedSince, exposedAtLeast, stillExposed }))
}

const firstKbsOf = async ({ store }: ScriptedWorld) => {
  const { intervals } = await store.missingKbs.read(idOf(0))
  return intervals.map(({ kbId, exposedWith }) => [kbId, ...exposedWith])
}

/** Takes what this version added out of every row, as if an older one had written them. */
async function age(world: ScriptedWorld): Promise<void> {
  const intervals = world.openTable('missingkbs')
  for await (const { partitionKey, rowKey, etag: _, timestamp: __, ...row } of intervals.listEntities<Record<string, unknown>>()) {
    const { exposedSince: _since, exposedAtLeast: _atLeast, exposedWith: _with, stillExposed: _still, ...before } = row
    await intervals.updateEntity({ partitionKey: partitionKey ?? '', rowKey: rowKey ?? '', ...before }, 'Replace')
  }
  const machines = world.openTable('machines')
  await machines.updateEntity({ partitionKey: TENANT, rowKey: idOf(0), missingSince: '' }, 'Merge')
}

describe('an exposure', () => {
  it('is kept with the interval, beside the machine and in the changes', async () => {
    const { world, days } = await startChain()
    const [, first, , third] = await days([[], ['a'], ['b'], ['c', 'd']])
    expect(await intervalsOf(world)).toEqual([
      { kbId: 'a', exposedSince: first, exposedAtLeast: false, stillExposed: true },
      { kbId: 'b', exposedSince: first, exposedAtLeast: false, stillExposed: true },
      { kbId: 'c', exposedSince: first, exposedAtLeast: false, stillExposed: null },
      { kbId: 'd', exposedSince: first, exposedAtLeast: false, stillExposed: null },
    ])
    const since = { appearedSnapshotId: third, exposedSince: first, exposedAtLeast: false, exposedWith: ['a'] }
    expect((await world.store.machines.get(idOf(0)))?.missingSince).toEqual([since, since])
    const changes = []
    for await (const page of world.store.changes.pages({ snapshotId: third ?? '', bucket: '0' })) changes.push(...page)
    expect(changes.map(({ kbId, exposedSince, stillExposed }) => [kbId, exposedSince, stillExposed])).toEqual([
      ['b', first, true],
      ['c', first, true],
      ['d', first, true],
    ])
  })

  it('of rows of before is derived with the next answer, once, though nothing changes', async () => {
    const { world, days } = await startChain()
    await days([[], ['a'], ['b']])
    const kept = await intervalsOf(world)
    const { missingSince } = (await world.store.machines.get(idOf(0))) ?? {}
    await age(world)
    expect((await intervalsOf(world)).every(({ exposedSince }) => exposedSince === null)).toBe(true)

    const [unchanged = ''] = await days([['b']], 3)
    expect(await intervalsOf(world)).toEqual(kept)
    expect(await world.store.machines.get(idOf(0))).toMatchObject({ missingSince, changedSnapshotId: (await ids(world))[2] })
    expect(await world.row(unchanged)).toMatchObject({ appeared: 0, resolved: 0, changedBuckets: '' })
    await days([['b']], 4)
    await age(world)
    await days([['c']], 5)
    expect((await intervalsOf(world)).map(({ exposedSince }) => exposedSince)).toEqual(Array(3).fill((await ids(world))[1]))
  })

  it('tells with which KB it began, in rows of before with the next answer, once', async () => {
    const { world, days } = await startChain()
    await days([[], ['a'], ['b']])
    const kept = [['a'], ['b', 'a']]
    expect(await firstKbsOf(world)).toEqual(kept)
    const { missingSince } = (await world.store.machines.get(idOf(0))) ?? {}
    await forgetFirstKbs(world)
    expect(await world.store.machines.get(idOf(0))).toMatchObject({ missingSince: null, missingKbIds: ['b'] })
    const [unchanged = ''] = await days([['b']], 3)
    expect(await firstKbsOf(world)).toEqual(kept)
    expect(await world.store.machines.get(idOf(0))).toMatchObject({ missingSince, changedSnapshotId: (await ids(world))[2] })
    expect(await world.row(unchanged)).toMatchObject({ appeared: 0, resolved: 0, changedBuckets: '' })
  })
})

/** Takes out with which KBs exposures began, as if the version before had written the rows. */
async function forgetFirstKbs(world: ScriptedWorld): Promise<void> {
  const intervals = world.openTable('missingkbs')
  for await (const { partitionKey, rowKey } of intervals.listEntities()) {
    await intervals.updateEntity({ partitionKey: partitionKey ?? '', rowKey: rowKey ?? '', exposedWith: '' }, 'Merge')
  }
  const machines = world.openTable('machines')
  const { missingSince } = await machines.getEntity<{ missingSince: string }>(TENANT, idOf(0))
  await machines.updateEntity({ partitionKey: TENANT, rowKey: idOf(0), missingSince: missingSince.replace(/:\S+/g, '') }, 'Merge')
}

/** All snapshots, the oldest first. */
async function ids({ store }: ScriptedWorld): Promise<string[]> {
  const found: string[] = []
  for await (const { snapshotId } of store.snapshots.range('0', '9')) found.push(snapshotId)
  return found
}
