import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type CohortPoint,
  type ExposureCounts,
  exposuresOf,
  type GroupPoint,
  type KbTrendPoint,
  NO_FLOWS,
  NO_RESOLVED,
  NO_STANDINGS,
  snapshotIdOf,
  totalOf,
  type TrendPoint,
} from '../../src/domain/index.ts'
import type { TenantStore } from '../../src/store/index.ts'
import { machineIdOf } from '../support/store-rows.ts'
import { openTestStore } from '../support/stores.ts'
import { type RunningService, TABLE_SERVICES } from '../support/table-services.ts'

const FIRST = '20260612T020000Z'
const SECOND = '20260613T020000Z'
const ALL = { from: '2', to: '3' }
const exposures = (count: number): ExposureCounts => exposuresOf([{ exposedSince: '20260501T020304Z', days: 42, count }])

const flows = {
  ...NO_FLOWS,
  appeared: { ...NO_FLOWS.appeared, reopened: 3 },
  ended: { ...NO_FLOWS.ended, installed: exposures(5), supersededUnclear: exposures(2) },
  installedAtLeast: exposures(1),
  takenOver: [{ ending: 'silent' as const, endedDays: 12, exposedSince: FIRST, count: 2 }],
}
const standings = { ...NO_STANDINGS, machines: 7, observed: 6, silent: null, unknown: 1, pairs: [1, 2, 3, 4, 5], exposed: exposures(15) }
const pointOf = (snapshotId: string): TrendPoint => ({
  ...{ snapshotId, status: 'incomplete', source: 'export', listed: 9, skipped: 2, missingKbs: 4, calls: 11, throttled: 1 },
  ...standings,
  ...flows,
})
const groupOf = (group: string | null, period: string): GroupPoint => ({ group, period, snapshotId: FIRST, ...standings, ...flows })
const machine = (index: number, computerDnsName: string | null) => ({
  ...{ machineId: machineIdOf(index), computerDnsName, rbacGroupName: null, osPlatform: 'Windows11', missing: 3 },
  ...{ exposedSince: FIRST, exposedAtLeast: true, lastObservedSnapshotId: null, code: 'http404', state: 'unknown' as const },
  ...{ version: '24H2', healthStatus: 'Active', lastSeen: '2026-06-01T01:02:03Z', oldestMissingAt: null },
})

describe.each(TABLE_SERVICES)('trends in $name', ({ start }) => {
  let service: RunningService
  let store: TenantStore
  beforeAll(async () => {
    service = await start()
  })
  afterAll(async () => {
    await service.close()
  })
  beforeEach(() => {
    store = openTestStore(service.connectionString)
  })

  it('find nothing before anything was written', async () => {
    expect(await store.trends.points(ALL)).toEqual([])
    expect(await store.trends.point(FIRST)).toBeUndefined()
    expect(await store.trends.days(ALL)).toEqual([])
    expect(await store.trends.groups('rbacGroup', 'month', ALL)).toEqual([])
    expect(await store.trends.groupDays(null, ALL)).toEqual([])
    expect(await store.trends.cohorts(ALL)).toEqual([])
    expect(await store.trends.top(FIRST)).toEqual({})
    expect(await store.kbTrends.points('1', ALL)).toEqual([])
    expect(await store.names.startingWith('ws', 5)).toEqual([])
  })

  it('keep points by snapshot and by day, within both ends', async () => {
    await store.trends.writePoints([pointOf(FIRST), pointOf(SECOND)])
    await store.trends.writeDays([{ day: '20260612', ...pointOf(FIRST) }])
    expect(await store.trends.points({ from: FIRST, to: SECOND })).toEqual([pointOf(FIRST), pointOf(SECOND)])
    expect(await store.trends.points({ from: FIRST, to: FIRST })).toEqual([pointOf(FIRST)])
    expect(await store.trends.point(SECOND)).toEqual(pointOf(SECOND))
    expect(await store.trends.days({ from: '20260612', to: '20260612' })).toEqual([{ day: '20260612', ...pointOf(FIRST) }])
  })

  it('keep groups by period, whatever they are called, and apart by grouping', async () => {
    const names = [null, '', 'Servers', 'a|b/ü #', 'x'.repeat(1000), `${'x'.repeat(999)}y`, '日'.repeat(300)]
    const points = names.map((name) => groupOf(name, '202606'))
    await store.trends.writeGroups('rbacGroup', 'month', [...points, groupOf('Servers', '202607')])
    await store.trends.writeGroups('osPlatform', 'month', [groupOf('Windows11', '202606')])
    const found = await store.trends.groups('rbacGroup', 'month', { from: '202606', to: '202606' })
    expect(found).toHaveLength(names.length - 1)
    // null and '' are both no group.
    expect(new Set(found.map(({ group }) => group))).toEqual(new Set(names.filter((name) => name !== '')))
    expect(await store.trends.groups('osPlatform', 'month', ALL)).toEqual([groupOf('Windows11', '202606')])
    await store.trends.writeGroupDays([groupOf('Servers', '20260612'), groupOf(null, '20260612')])
    expect(await store.trends.groupDays('Servers', ALL)).toEqual([groupOf('Servers', '20260612')])
    expect(await store.trends.groupDays(null, ALL)).toEqual([groupOf(null, '20260612')])
  })

  it('keep cohorts and KBs', async () => {
    const outcomes = { opened: 9, became: { ...NO_RESOLVED, superseded: 4 } }
    const cohort: CohortPoint = { cohort: '202605', day: '20260612', snapshotId: FIRST, kbs: 2, missing: 5, ...outcomes }
    await store.trends.writeCohorts([cohort, { ...cohort, cohort: '202606' }])
    expect(await store.trends.cohorts({ from: '202605', to: '202605' })).toEqual([cohort])
    const resolved = { ...NO_RESOLVED, installed: 1 }
    const kb: KbTrendPoint = { kbId: 'KB 1/2', snapshotId: FIRST, missing: 5, appeared: flows.appeared, resolved, ...outcomes }
    await store.kbTrends.write([kb])
    expect(await store.kbTrends.points('KB 1/2', ALL)).toEqual([kb])
  })

  it('keep lists, as far as there is room', async () => {
    const worstKbs = [{ kbId: '1', kbName: null, cohort: '202605', machinesMissing: 3 }]
    await store.trends.writeTop([
      { list: 'oldestMachines', snapshotId: FIRST, total: 1, items: [machine(1, 'ws-1')] },
      {
        list: 'longUnknown',
        snapshotId: FIRST,
        total: 100,
        items: Array.from({ length: 100 }, (_, index) => machine(index, 'n'.repeat(500))),
      },
      { list: 'worstKbs', snapshotId: FIRST, total: 7, items: worstKbs },
    ])
    const top = await store.trends.top(FIRST)
    expect(top.oldestMachines?.items).toEqual([machine(1, 'ws-1')])
    expect(top.worstKbs).toEqual({ list: 'worstKbs', snapshotId: FIRST, total: 7, items: worstKbs })
    expect(top.longUnknown?.total).toBe(100)
    expect(top.longUnknown?.items.length).toBeGreaterThan(30)
  })

  it('keep a hundred machines with names as long as most are', async () => {
    const items = Array.from({ length: 100 }, (_, index) => machine(index, `workstation-${index}.department.corp.contoso.com`))
    await store.trends.writeTop([{ list: 'worstMachines', snapshotId: FIRST, total: 100, items }])
    expect((await store.trends.top(FIRST)).worstMachines?.items).toEqual(items)
  })

  it('keep the lists of a snapshot beside those of the one before, until that one is forgotten', async () => {
    const list = { list: 'oldestMachines' as const, total: 1, items: [machine(1, 'ws-1')] }
    await store.trends.writeTop([{ ...list, snapshotId: FIRST }])
    await store.trends.writeTop([{ ...list, snapshotId: SECOND, total: 2 }])
    expect(await store.trends.top(FIRST)).toEqual({ oldestMachines: { ...list, snapshotId: FIRST } })
    await store.trends.forgetTopBefore(SECOND)
    expect(await store.trends.top(FIRST)).toEqual({})
    expect(await store.trends.top(SECOND)).toEqual({ oldestMachines: { ...list, snapshotId: SECOND, total: 2 } })
  })

  it('tell beginnings less exactly where they are too many, and never how many there are', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => ({
      exposedSince: snapshotIdOf(Date.parse('2022-01-01T00:00:01Z') + index * 7_200_000),
      days: index % 1500,
      count: 1,
    }))
    await store.trends.writePoints([{ ...pointOf(FIRST), exposed: exposuresOf(many) }])
    const [point] = await store.trends.points(ALL)
    expect(totalOf(point?.exposed ?? new Map())).toBe(20_000)
  })

  it('find machines by the beginning of their names', async () => {
    const names = ['WS-1.corp', 'ws-2', 'Ünter', 'x'.repeat(1000)].map((name, index) => ({
      ...{ machineId: machineIdOf(index), formerName: null },
      name,
    }))
    await store.names.rename(names)
    const found = names.map(({ machineId, name }) => ({ machineId, name }))
    expect(await store.names.startingWith('Ws-', 5)).toEqual(found.slice(0, 2))
    expect(await store.names.startingWith('ws-', 1)).toEqual(found.slice(0, 1))
    expect(await store.names.startingWith('ün', 5)).toEqual([found[2]])
    expect(await store.names.startingWith('x'.repeat(100), 5)).toEqual([found[3]])
    const [first = { machineId: '', name: '' }] = found
    await store.names.rename([{ ...first, name: 'ws-1.CORP', formerName: first.name }])
    expect(await store.names.startingWith('ws-1', 5)).toEqual([{ ...first, name: 'ws-1.CORP' }])
    await store.names.rename([{ ...first, name: 'pc-1', formerName: 'ws-1.CORP' }])
    expect(await store.names.startingWith('ws', 5)).toEqual([found[1]])
    expect(await store.names.startingWith('pc', 5)).toEqual([{ ...first, name: 'pc-1' }])
  })
})
