import { describe, expect, it } from 'vitest'
import { comparableRows } from '../../dev/comparable-rows.ts'
import { tick } from '../../src/sync/index.ts'
import { keepProductCounts } from '../../src/sync/sample/product-counts.ts'
import { Mortal } from '../support/mortal.ts'
import { asExport } from '../support/as-export.ts'
import { faultOf, finish, kbOf, TENANT } from '../support/scripted-world.ts'
import { AT, listed, MINUTE, type SampledWorld, sampleAll, says, startSampledWorld, type Truth } from '../support/sampled-world.ts'
import { sized } from '../support/test-size.ts'

const EXPORTED = [listed('90', '80'), listed('91')]
const TRUTHS: Truth[] = [['90', '91'], ['90'], ['90', '91', '80'], 'moved', [], ['92'], ['90', '91']]
const ENVIRONMENT = { SYNC_CONCURRENCY: '2', SYNC_SLICE_SECONDS: '5' }

async function start() {
  const world = await startSampledWorld(
    TRUTHS.map(() => EXPORTED),
    ENVIRONMENT,
  )
  says(world, TRUTHS)
  world.script.software = new Map(
    ['windows_10', 'windows_11'].map((name) => [`microsoft-_-${name}`, [{ ...kbOf('90'), machineMissedOn: 5 }]]),
  )
  const ours = new Map(['windows_10', 'windows_11', 'zune'].map((name) => [name, new Map([['90', 7]])]))
  await keepProductCounts(world.store, world.snapshotId, ours)
  // Some three machines a slice.
  world.script.callMilliseconds = 1_500
  return world
}

/** All rows but the tenant's own, without the instants of asking. */
async function rowsOf({ openTable }: SampledWorld) {
  const rows = await comparableRows(openTable, ['snapshots', 'missingkbs', 'machines', 'kbs', 'trends'])
  const timeless = (value: unknown) => (typeof value === 'string' ? value.replaceAll(/"(askedAt|comparedAt)":"[^"]*"/g, '') : value)
  return new Map(
    [...rows].map(([key, row]) => [key, Object.fromEntries(Object.entries(row).map(([name, value]) => [name, timeless(value)]))]),
  )
}

/** A sample of which one slice dies at a point; how many points there were. */
async function sampleWithDeath(world: SampledWorld, diesAt: number): Promise<number> {
  const mortal = new Mortal(diesAt)
  const opened = world.another({}, world.clock, (client) => mortal.table(client))
  const services = { ...opened, defender: mortal.defender(opened.defender) }
  for (let ticks = 0; ticks < 20; ticks++) {
    if ((await world.tenant()).tenant.sampleSnapshotId === null) break
    if ((await Promise.race([tick(services), mortal.died])) === 'died') break
    world.clock.at += MINUTE
  }
  await mortal.landed()
  world.clock.at += 11 * MINUTE
  await sampleAll(world)
  return mortal.points
}

describe('a sample that is interrupted', () => {
  it('comes to the same wherever it is killed', { timeout: 900_000 }, async () => {
    const undisturbed = await start()
    const points = await sampleWithDeath(undisturbed, Infinity)
    const expected = await rowsOf(undisturbed)
    expect(points).toBeGreaterThan(60)
    expect((await undisturbed.row(undisturbed.snapshotId))?.sample).toMatchObject({ n: 6, moved: 1, isDone: true })
    expect((await undisturbed.row(undisturbed.snapshotId))?.counts).toMatchObject({ compared: 2, differ: 2, largest: 2, unanswered: 1 })
    for (let diesAt = 1; diesAt <= points; diesAt += sized(61, 1)) {
      const world = await start()
      await sampleWithDeath(world, diesAt)
      expect(await rowsOf(world), `died at ${diesAt}`).toEqual(expected)
      const { tenant } = await world.tenant()
      expect(tenant).toMatchObject({ sampleSnapshotId: null, recentSamples: [{ n: 6 }] })
    }
  })

  it('by a kill when all is written down asks nobody again', async () => {
    const world = await start()
    await sampleAll(world)
    await world.store.tenant.patch({ sampleSnapshotId: world.snapshotId }, (await world.tenant()).etag)
    const [calls, rows] = [world.script.calls, await rowsOf(world)]
    expect(await sampleAll(world)).toEqual([{ kind: 'sampled', stop: undefined }])
    expect([world.script.calls, await rowsOf(world)]).toEqual([calls, rows])
  })

  it('by a snapshot that is due gives way to it, and that one is what is checked', async () => {
    const world = await start()
    expect(await tick(world.services)).toMatchObject({ kind: 'sampled', stop: { kind: 'deadline' } })
    const { sampleAfter } = (await world.tenant()).tenant
    expect(sampleAfter).not.toBeNull()
    await world.begin(AT + 10 * MINUTE)
    const results = await finish(world.services, world.clock)
    expect(results.some(({ kind }) => kind === 'sampled')).toBe(false)
    // It was no export, so nothing is left to check; what was found stays, and the next turn goes on from there.
    expect((await world.tenant()).tenant).toMatchObject({ sampleSnapshotId: null, sampleAfter, recentSamples: [] })
    expect((await world.row(world.snapshotId))?.sample).toMatchObject({ isDone: false })
    expect(await tick(world.services)).toEqual({ kind: 'idle' })
  })

  it('by a snapshot that fails goes on behind it', async () => {
    const world = await start()
    await tick(world.services)
    const n = (await world.row(world.snapshotId))?.sample?.n
    world.script.list = () => faultOf('forbidden', 403, { namesRole: true })
    await world.begin(AT + 10 * MINUTE)
    await finish(world.services, world.clock)
    world.script.list = () => undefined
    expect((await world.tenant()).tenant.sampleSnapshotId).toBe(world.snapshotId)
    await sampleAll(world)
    expect(n).toBeLessThan(6)
    expect((await world.row(world.snapshotId))?.sample).toMatchObject({ n: 6, moved: 1, isDone: true })
  })
})

describe('the counts by product', () => {
  it("are compared with Defender's once a day, and each is told", async () => {
    const world = await start()
    await sampleAll(world)
    const rows = []
    for await (const page of world.store.samples.countPages(world.snapshotId, null, 1000)) rows.push(...page)
    expect(rows).toEqual(['windows_10', 'windows_11'].map((product) => ({ product, kbId: '90', ours: 7, theirs: 5, difference: -2 })))
    expect((await world.tenant()).tenant.countsComparedAt).not.toBeNull()
    await asExport({ tenantId: TENANT, ...world }, world.snapshotId, AT)
    await keepProductCounts(world.store, world.snapshotId, new Map([['windows_11', new Map([['90', 9]])]]))
    await sampleAll(world)
    expect((await world.row(world.snapshotId))?.counts).toMatchObject({ compared: 2, unanswered: 1 })
  })

  it('are not compared where Defender refuses them, and the sample stands', async () => {
    const world = await start()
    world.script.software = new Map()
    const services = world.another()
    const refused = faultOf('forbidden', 403, { namesRole: true })
    await sampleAll(world, { ...services, defender: { ...services.defender, softwareMissingKbs: async () => refused } })
    expect(await world.row(world.snapshotId)).toMatchObject({ sample: { n: 6, isDone: true }, counts: null })
    expect((await world.tenant()).tenant).toMatchObject({ blockedCode: null, countsComparedAt: null })
  })
})
