import { expect, it } from 'vitest'
import { createProgram } from '../../src/program.ts'
import { localTime } from '../../src/defender/budget/index.ts'
import { tick } from '../../src/sync/index.ts'
import { keepProductCounts } from '../../src/sync/sample/product-counts.ts'
import { type Api, apiOf } from '../support/api.ts'
import { asExport } from '../support/as-export.ts'
import { createLog } from '../../src/log.ts'
import { MINUTE, openTablesOf, startWorld, type World } from '../support/world.ts'

const FLEET = 80

interface Planted {
  /** Machines from which an open KB was taken, and what is left says less. */
  less: string[]
  /** Machines that are said to miss a KB that they do not. */
  more: string[]
}

/** Of machines with open intervals, every other one: what the export says of them is made wrong, in the rows. */
async function plant(world: World): Promise<Planted> {
  const planted: Planted = { less: [], more: [] }
  const table = openTablesOf(world.services)('missingkbs')
  let seen = 0
  for await (const machines of world.store.machines.pages()) {
    for (const { machineId } of machines) {
      const { intervals } = await world.store.missingKbs.read(machineId)
      const [first] = intervals
      if (!first || seen++ % 2 !== 0) continue
      const [partitionKey, rowKey] = [`${world.tenantId}|${machineId}`, `${first.kbId}|${first.appearedSnapshotId}`]
      const isLess = planted.less.length <= planted.more.length
      if (isLess) await table.deleteEntity(partitionKey, rowKey)
      else await table.updateEntity({ partitionKey, rowKey, contains: '["1000001"]' }, 'Merge')
      planted[isLess ? 'less' : 'more'].push(machineId)
    }
  }
  return planted
}

let world: World
let api: Api
let planted: Planted

/** One world for all: a real Defender by HTTP, an export whose rows are those of its answers but for what is planted. */
async function start(): Promise<void> {
  world = await startWorld({ tables: 'tableService', machines: FLEET, environment: { EXPORT_SAMPLE: '1' } })
  const madeMs = world.clock.now() + 2 * MINUTE
  const snapshotId = await world.snapshot()
  planted = await plant(world)
  await asExport({ tenantId: world.tenantId, store: world.store, openTable: openTablesOf(world.services) }, snapshotId, madeMs)
  await keepProductCounts(world.store, snapshotId, new Map([['windows_11', new Map([['5000001', 3]])]]))
  const software = async () => ({ kind: 'counted' as const, kbs: [{ ...KB, machineMissedOn: 5 }] })
  const services = { ...world.services, defender: { ...world.services.defender, softwareMissingKbs: software } }
  for (let ticks = 0; ticks < 30 && (await tick(services)).kind !== 'idle'; ticks++) world.clock.advance(MINUTE)
  const outside = { clock: world.clock, budgetTime: localTime(world.clock), random: () => 0.5, log: createLog(() => undefined) }
  api = apiOf(createProgram(world.environment, outside))
}

const KB = { kbId: '5000001', kbName: null, productsNames: ['windows_11'], url: null, cveAddressed: null, osBuild: null }

interface Shown {
  machineId: string
  newest: string
  newestLess: string[]
  raw: string
  rawMore: string[]
}

/** It names each machine for which something was planted, page by page, and no other. */
async function expectMachines(): Promise<void> {
  const machines: Shown[] = []
  for (let link: string | undefined = '/api/snapshots/latest/sample?limit=3'; link !== undefined;) {
    const { status, json } = await api.call(link)
    expect(status).toBe(200)
    machines.push(...(json['machines'] as Shown[]))
    link = json['nextLink'] as string | undefined
  }
  const wrong = [...planted.less, ...planted.more].sort()
  expect(planted.less.length).toBeGreaterThan(3)
  expect(machines.map(({ machineId }) => machineId)).toEqual(wrong)
  for (const { machineId, newest, newestLess, raw, rawMore } of machines) {
    if (planted.less.includes(machineId)) expect([newest, newestLess.length, raw]).toEqual(['less', 1, 'less'])
    else expect([newest, raw, rawMore]).toEqual(['equal', 'more', ['1000001']])
  }
}

/** It stands on the snapshot with its n, in the health and the list of tenants. */
async function expectFigures(): Promise<void> {
  const { json } = await api.call('/api/snapshots/latest')
  const sample = json['sample'] as { n: number; share: number; verified: boolean; newest: { less: number } }
  expect(sample).toMatchObject({ isDone: true, listsLike: 'newest', newest: { less: planted.less.length } })
  expect(sample.n).toBeGreaterThanOrEqual(50)
  expect(sample.share).toBe((sample.n - planted.less.length) / sample.n)
  const expected = { verified: sample.share >= 0.95, share: sample.share, n: sample.n, listsLike: 'newest' }
  expect(expected.verified).toBe(false)
  const health = await api.call('/api/health')
  expect(health.status).toBe(200)
  expect(health.json).toMatchObject({ status: 'ok', export: expected })
  expect(health.json['detail']).toContain('unverified')
  expect((await api.call('/api/tenants')).json['tenants']).toMatchObject([{ status: 'ok', export: expected }])
}

/** It counts by product beside Defender, as a table as well. */
async function expectCounts(): Promise<void> {
  const { json } = await api.call('/api/snapshots/latest/counts')
  const row = { product: 'windows_11', kbId: '5000001', ours: 3, theirs: 5, difference: 2 }
  expect(json).toMatchObject({ counts: { compared: 1, differ: 1, largest: 2, unanswered: 0 }, products: [row] })
  const { text } = await api.call('/api/snapshots/latest/counts?format=csv')
  expect(text).toBe('product,kbId,ours,theirs,difference\r\nwindows_11,5000001,3,5,2\r\n')
}

/** It names the KBs. */
async function expectKbs(): Promise<void> {
  const { json } = await api.call('/api/snapshots/latest/sample')
  expect(json['kbs']).toContainEqual({
    ...{ kbId: '1000001', newestAgreed: 0, newestMore: 0, newestLess: 0, rawAgreed: 0, rawMore: planted.more.length, rawLess: 0 },
  })
}

it('what checking an export found is told, by machine, by KB and by product, with its n', { timeout: 120_000 }, async () => {
  await start()
  await expectMachines()
  await expectFigures()
  await expectCounts()
  await expectKbs()
})
