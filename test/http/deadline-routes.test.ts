import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KbFacts } from '../../src/domain/index.ts'
import { type Api, apiOf } from '../support/api.ts'
import { factsOfKb, listedOn } from '../support/check-deadlines.ts'
import { idOf, kbOf, machineOf, type ScriptedWorld, START, startScriptedWorld } from '../support/scripted-world.ts'

const DAY = 86_400_000
const closing: (() => Promise<void>)[] = []
let api: Api
let world: ScriptedWorld

/** Windows of March and April, an Office update of which nothing is known, and one that no rule is for. */
const FACTS: KbFacts[] = [
  factsOfKb('5080001', '2026-02-10', 'Important'),
  factsOfKb('5080002', '2026-03-10', 'Critical', {
    products: [
      { ...factsOfKb('1', '2026-03-10', 'Important').products[0], name: 'Windows 11 Version 24H2 for x64-based Systems' },
      { ...factsOfKb('1', '2026-03-10', 'Critical').products[0], name: 'Windows Server 2025' },
    ] as KbFacts['products'],
  }),
  factsOfKb('5080003', '2026-03-12', 'Low', listedOn('2026-03-20')),
]

/** Machine 1 never patches, 2 misses the newest alone, 3 is clean. */
beforeAll(async () => {
  world = await startScriptedWorld({ CATALOGUE_POLICY: 'standard' }, {}, (close) => closing.push(close))
  await world.services.store.catalogue.putAll(FACTS)
  world.script.machines = [machineOf(1), machineOf(2, { machineTags: ['dmz'] }), machineOf(3)]
  const missing = (of: Record<number, string[]>) => {
    for (const [index, kbIds] of Object.entries(of)) {
      world.script.kbs.set(
        idOf(Number(index)),
        kbIds.map((kbId) => ({ ...kbOf(kbId), productsNames: kbId.startsWith('9') ? ['office'] : ['windows_11'] })),
      )
    }
  }
  missing({ 1: [], 2: [], 3: [] })
  await world.snapshot(START)
  missing({ 1: ['5080001'] })
  await world.snapshot(START + DAY)
  missing({ 1: ['5080002', '9000001'], 2: ['5080003', '5080002'] })
  for (const machine of world.script.machines) machine.lastSeen = new Date(START + 12 * DAY).toISOString()
  await world.snapshot(START + 13 * DAY)
  api = apiOf({ kind: 'ready', services: world.services, outside: world.services.outside, reported: true })
})
afterAll(async () => {
  for (const close of closing) await close()
})

const rows = async (path: string, name: string) => (await api.call(`/api/${path}`)).json[name] as Record<string, unknown>[]
const idsOf = async (path: string, name: string, id: string) => (await rows(path, name)).map((row) => row[id])
const MISSING = `machines/${idOf(1)}/missing-kbs`

describe('what the catalogue knows, and by when it is due', () => {
  it('stands beside what a machine misses, from the first KB of its exposure', async () => {
    const [windows, office] = await rows(MISSING, 'missingKbs')
    expect(windows).toMatchObject({
      ...{ kbId: '5080002', dueAt: '2026-03-12', overdue: true, policy: 'standard/all-30-days' },
      ...{ daysMissing: 0, daysExposed: 12, daysSinceRelease: 5 },
      catalogue: { releasedAt: '2026-03-10', severity: 'Important', rules: { products: 'ownProducts', releasedAt: 'document' } },
    })
    expect(Object.keys(office ?? {})).not.toEqual(expect.arrayContaining(['catalogue']))
    expect(office).not.toHaveProperty('dueAt')
    const [own] = await rows(`machines/${idOf(2)}/missing-kbs`, 'missingKbs')
    expect(own).toMatchObject({ kbId: '5080002', dueAt: '2026-04-09', overdue: false })
  })

  it('is as of the snapshot that is asked about', async () => {
    const [row] = await rows(`${MISSING}?at=2026-03-03`, 'missingKbs')
    expect(row).toMatchObject({ kbId: '5080001', dueAt: '2026-03-12', overdue: false, daysSinceRelease: 21 })
  })

  it('filters and sorts what a machine misses', async () => {
    const of = (query: string) => idsOf(`machines/${idOf(2)}/missing-kbs?${query}`, 'missingKbs', 'kbId')
    expect(await of('severity=Important')).toEqual(['5080002'])
    expect(await of('severity=Important&severity=Low')).toEqual(['5080002', '5080003'])
    expect(await of('exploited=true')).toEqual(['5080003'])
    expect(await of('overdue=true')).toEqual([])
    expect(await of('sort=exploited')).toEqual(['5080003', '5080002'])
    expect(await of('sort=due')).toEqual(['5080003', '5080002'])
    expect(await idsOf(`${MISSING}?overdue=unknown`, 'missingKbs', 'kbId')).toEqual(['9000001'])
    expect(await idsOf(`${MISSING}?exploited=unknown`, 'missingKbs', 'kbId')).toEqual(['9000001'])
  })

  it('stands beside KBs, which can be chosen by it', async () => {
    const of = (query: string) => idsOf(`kbs?${query}`, 'kbs', 'kbId')
    expect(await of('sort=exploited')).toEqual(['5080003', '5080002', '5080001', '9000001'])
    expect(await of('severity=unknown')).toEqual(['9000001'])
    expect(await of('exploited=true&severity=Low')).toEqual(['5080003'])
    expect(await of('overdue=true')).toEqual(['5080002'])
    expect(await of('overdue=false')).toEqual(['5080001', '5080003'])
    expect(await of('overdue=unknown')).toEqual(['9000001'])
    expect((await api.call('/api/kbs/KB5080003')).json).toMatchObject({
      ...{ machinesMissing: 1, machinesOverdue: 0 },
      catalogue: { exploited: true, exploitedSince: '2026-03-20', source: 'MSRC 2026-Mar, CISA KEV', rules: { exploited: 'kev' } },
    })
    const next = String((await api.call('/api/kbs?sort=exploited&limit=3')).json['nextLink'])
    expect((await api.call(next)).json).toMatchObject({ kbs: [{ kbId: '9000001' }] })
  })

  it('stands beside the machines that miss a KB', async () => {
    const { json } = await api.call('/api/kbs/5080002/machines')
    expect(json).toMatchObject({
      catalogue: { severity: 'Important' },
      machines: [{ dueAt: '2026-03-12', overdue: true }, { overdue: false }],
    })
    expect(await idsOf('kbs/5080002/machines?overdue=true', 'machines', 'machineId')).toEqual([idOf(1)])
    expect(await idsOf('kbs/5080002/machines?exploited=true', 'machines', 'machineId')).toEqual([])
  })

  it('tells how far machines are behind, and finds them', async () => {
    const of = (query: string) => idsOf(`machines?${query}`, 'machines', 'machineId')
    expect(await rows('machines', 'machines')).toMatchObject([
      { newestCumulativeMissing: '5080002', newestCumulativeReleasedAt: '2026-03-10', monthsBehind: 1 },
      { newestCumulativeMissing: '5080003', monthsBehind: 0 },
      { missing: 0 },
    ])
    expect((await api.call(`/api/machines/${idOf(1)}`)).json).toMatchObject({ monthsBehind: 1 })
    expect(await of('overdue=true')).toEqual([idOf(1)])
    expect(await of('exploited=true')).toEqual([idOf(2)])
    expect(await of('severity=Important&overdue=false')).toEqual([idOf(2)])
    expect(await of('overdue=unknown')).toEqual([idOf(1)])
    expect((await api.call('/api/machines?sort=oldest&overdue=true')).json).toMatchObject({ status: 400, parameter: 'sort' })
  })

  it('stands beside changes as of now, in every format', async () => {
    const changes = await rows('diffs?from=2026-03-03', 'changes')
    expect(changes.find(({ kbId }) => kbId === '5080001')).toMatchObject({ reason: 'superseded', catalogue: { releasedAt: '2026-02-10' } })
    expect(changes.find(({ kbId }) => kbId === '9000001')).not.toHaveProperty('catalogue')
    const { text } = await api.call('/api/diffs?from=2026-03-03&format=csv')
    expect(text.split('\r\n')[0]).toContain('catalogue.releasedAt,catalogue.severity,catalogue.exploited')
    expect(text).toContain('2026-02-10,Important,false')
  })

  it('was counted when the snapshot ended', async () => {
    const deadlines = {
      ...{ policy: 'standard', overdue: 1, due: 2, none: 0, withoutFacts: 1 },
      ...{ machinesOverdue: 1, machinesWithoutFacts: 0 },
    }
    expect((await api.call('/api/overview')).json).toMatchObject({ totals: { pairs: 4, deadlines }, groups: [{ key: null, deadlines }] })
    expect((await rows('trends', 'points')).at(-1)).toMatchObject({ deadlines })
    const { text } = await api.call('/api/trends?format=csv')
    expect(text.split('\r\n')[0]).toContain('deadlines.overdue')
  })
})

describe('a catalogue that cannot be read', () => {
  it('costs a snapshot its facts, and nothing else', async () => {
    const other = await startScriptedWorld()
    other.script.machines = [machineOf(1)]
    other.script.kbs.set(idOf(1), [kbOf('5080001')])
    const factsOf = () => Promise.reject(new Error('no such table today'))
    const services = { ...other.services, catalogue: { factsOf } as unknown as typeof other.services.catalogue }
    const snapshotId = await other.snapshot(START, services)
    expect(await other.row(snapshotId)).toMatchObject({ status: 'completed', missingPairs: 1 })
    expect((await other.store.trends.point(snapshotId))?.deadlines).toMatchObject({ overdue: 0, withoutFacts: 1, machinesWithoutFacts: 1 })
    expect(other.log.map(({ event }) => event)).toContain('catalogue.unread')
  })
})
