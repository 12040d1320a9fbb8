import { describe, expect, it } from 'vitest'
import { comparableRows } from '../../dev/comparable-rows.ts'
import { tick } from '../../src/sync/index.ts'
import { asExport } from '../support/as-export.ts'
import { faultOf, idOf, TENANT } from '../support/scripted-world.ts'
import { AT, listed, MINUTE, type SampledWorld, sampleAll, says, startSampledWorld, type Truth } from '../support/sampled-world.ts'

const HOUR = 60 * MINUTE

/** All that a sample must leave alone. */
const untouched = async ({ openTable }: SampledWorld) =>
  comparableRows(openTable, ['missingkbs', 'machines', 'changes202603', 'kbs', 'trends'])

async function named({ store, snapshotId }: SampledWorld) {
  const machines = []
  for await (const page of store.samples.machinePages(snapshotId, null, 1000)) machines.push(...page)
  return machines
}

const EXPORTED = [listed('90', '80', '70'), listed('91')]

describe('the sample of an export', () => {
  it('finds and names each disagreement, and changes no interval', async () => {
    const truths: Truth[] = [
      ...Array.from({ length: 40 }, () => ['90', '91', '80', '70']),
      ['90', '91'],
      ['KB90', '91', '80', '70', '60'],
      ['90'],
      ['91', '61'],
      [],
      'moved',
      'gone',
    ]
    const world = await startSampledWorld(truths.map(() => EXPORTED))
    const before = await untouched(world)
    says(world, truths)
    await sampleAll(world)
    const row = await world.row(world.snapshotId)
    expect(row?.sample).toMatchObject({
      ...{ due: 47, n: 45, moved: 1, unanswered: 1, isDone: true },
      raw: { equal: 40, more: 3, less: 1, both: 1 },
      newest: { equal: 1, more: 2, less: 41, both: 1 },
    })
    const machines = await named(world)
    expect(machines).toHaveLength(45)
    const [newestOnly, more, fewer, other, none] = machines.slice(40)
    expect(newestOnly).toMatchObject({ machineId: idOf(41), computerDnsName: 'pc-41', newest: 'equal', raw: 'more', rawMore: ['70', '80'] })
    expect(more).toMatchObject({ newest: 'less', newestLess: ['60', '70', '80'], raw: 'less', rawLess: ['60'], rawMore: [] })
    expect(fewer).toMatchObject({ newest: 'more', newestMore: ['91'], raw: 'more', rawMore: ['70', '80', '91'] })
    expect(other).toMatchObject({ newest: 'both', newestMore: ['90'], newestLess: ['61'] })
    expect(none).toMatchObject({ newest: 'more', newestMore: ['90', '91'] })
    expect(await world.store.samples.kbs(world.snapshotId)).toContainEqual(
      expect.objectContaining({ kbId: '80', newestAgreed: 0, newestLess: 41, rawAgreed: 41, rawMore: 4, rawLess: 0 }),
    )
    expect(await untouched(world)).toEqual(before)
    expect((await world.tenant()).tenant).toMatchObject({ sampleSnapshotId: null, sliceOpen: false, recentSamples: [{ n: 45, raw: 40 }] })
    expect(world.log.filter(({ event }) => event === 'sample.taken').at(-1)?.fields).toMatchObject({ due: 47, n: 45, listsLike: 'raw' })
  })

  it('asks the share of the day in turn, from where the one before stopped', async () => {
    const world = await startSampledWorld(
      Array.from({ length: 70 }, () => EXPORTED),
      { EXPORT_SAMPLE: '0.01' },
    )
    const asked: number[] = []
    world.script.missingKbs = (machineId) => void asked.push(Number.parseInt(machineId, 16))
    await sampleAll(world)
    expect(asked.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
    await asExport({ tenantId: TENANT, ...world }, world.snapshotId, AT)
    await world.store.tenant.patch({ sampleMinutes: 360 }, (await world.tenant()).etag)
    asked.length = 0
    await sampleAll(world)
    expect(asked.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 13 }, (_, index) => index + 51))
    expect((await world.row(world.snapshotId))?.sample).toMatchObject({ due: 13, n: 13 })
  })

  it('takes half of the quota, and what it spent counts', async () => {
    const environment = { SYNC_CALLS_PER_MINUTE: '8', SYNC_CALLS_PER_HOUR: '20', SYNC_CONCURRENCY: '3' }
    const world = await startSampledWorld(
      Array.from({ length: 6 }, () => EXPORTED),
      environment,
    )
    world.clock.at += HOUR
    const at: number[] = []
    world.script.missingKbs = () => void at.push(world.clock.at)
    world.script.machines = world.script.machines.slice(0, 6)
    await sampleAll(world)
    expect(at).toHaveLength(6)
    for (const sentMs of at) expect(at.filter((other) => other >= sentMs && other < sentMs + MINUTE).length).toBeLessThanOrEqual(4)
    const { missingKbsBudget } = (await world.tenant()).tenant
    expect(missingKbsBudget).not.toBeNull()
  })

  it.each(['1', '2'])('waits as long as a 429 says, and goes on where it was, with %s at once', async (concurrency) => {
    const world = await startSampledWorld(
      Array.from({ length: 6 }, () => EXPORTED),
      { SYNC_CONCURRENCY: concurrency },
    )
    const asked: string[] = []
    world.script.missingKbs = (machineId) => {
      asked.push(machineId)
      const isFirst = asked.filter((one) => one === idOf(3)).length === 1
      return machineId === idOf(3) && isFirst ? faultOf('throttled', 429, { retryAfterSeconds: 600 }) : undefined
    }
    expect(await tick(world.services)).toMatchObject({ kind: 'sampled', stop: { kind: 'throttled' } })
    expect((await world.row(world.snapshotId))?.sample).toMatchObject({ n: 2, isDone: false })
    world.clock.at += 9 * MINUTE
    const calls = asked.length
    expect(await tick(world.services)).toEqual({ kind: 'idle' })
    expect(asked).toHaveLength(calls)
    world.clock.at += 2 * MINUTE
    await sampleAll(world)
    // Whoever was asked beside the one that was put off is asked again, and nobody is left out.
    expect((await world.row(world.snapshotId))?.sample).toMatchObject({ n: 6, isDone: true })
    expect(new Set(asked).size).toBe(6)
  })

  it('ends at once where Defender refuses the app, and blocks nothing', async () => {
    const world = await startSampledWorld(
      Array.from({ length: 12 }, () => EXPORTED),
      { SYNC_CONCURRENCY: '1' },
    )
    world.script.missingKbs = () => faultOf('forbidden', 403, { namesRole: true })
    expect(await sampleAll(world)).toHaveLength(1)
    expect((await world.row(world.snapshotId))?.sample).toMatchObject({ n: 0, unanswered: 4, isDone: true })
    expect((await world.tenant()).tenant).toMatchObject({ blockedCode: null, recentSamples: [{ n: 0 }] })
  })

  it('fails alone, and is tried again in an hour', async () => {
    const world = await startSampledWorld([EXPORTED])
    world.script.machine = () => {
      throw new Error('out of memory')
    }
    expect(await tick(world.services)).toMatchObject({ kind: 'sampled', stop: { kind: 'error' } })
    world.clock.at += 59 * MINUTE
    expect(await tick(world.services)).toEqual({ kind: 'idle' })
    world.script.machine = () => undefined
    world.clock.at += 2 * MINUTE
    await sampleAll(world)
    expect((await world.row(world.snapshotId))?.sample).toMatchObject({ n: 1 })
  })
})
