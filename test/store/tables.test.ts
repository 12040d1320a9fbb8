import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bucketOf, cachedIds, type TenantStore } from '../../src/store/index.ts'
import { changeRow, interval, kbRow, listing, machineIdOf, outcome, snapshotRow, TENANT, transition } from '../support/store-rows.ts'
import { collect, collectPages, openTestStore, STORE_OPTIONS } from '../support/stores.ts'
import { freshName, type RunningService, TABLE_SERVICES } from '../support/table-services.ts'

const OTHER_TENANT = `${TENANT.slice(0, -1)}6`
const FIRST = '20260612T020000Z'
const SECOND = '20260613T020000Z'

describe.each(TABLE_SERVICES)('the tables in $name', ({ start }) => {
  let service: RunningService
  let store: TenantStore
  let other: TenantStore
  beforeAll(async () => {
    service = await start()
  })
  afterAll(async () => {
    await service.close()
  })
  beforeEach(() => {
    const prefix = freshName('s').slice(0, 20)
    store = openTestStore(service.connectionString, prefix)
    other = openTestStore(service.connectionString, prefix, STORE_OPTIONS, OTHER_TENANT)
  })

  it('find nothing before anything was written', async () => {
    expect(await store.tenant.get()).toBeUndefined()
    expect(await store.snapshots.get(FIRST)).toBeUndefined()
    expect(await collect(store.snapshots.newestFirst(SECOND, FIRST))).toEqual([])
    expect(await collect(store.snapshots.range(FIRST, SECOND))).toEqual([])
    expect(await collectPages(store.snapshots.unknownPages(FIRST))).toEqual([])
    expect(await store.machines.get(machineIdOf(1))).toBeUndefined()
    expect(await collectPages(store.machines.pages())).toEqual([])
    expect(await store.missingKbs.state(machineIdOf(1))).toBeUndefined()
    expect(await store.missingKbs.read(machineIdOf(1))).toEqual({ state: undefined, intervals: [], gaps: [] })
    expect(await collectPages(store.changes.pages({ snapshotId: FIRST, bucket: '0' }))).toEqual([])
    expect(await store.kbs.get('1')).toBeUndefined()
    expect(await collectPages(store.kbs.pages())).toEqual([])
    expect(await collectPages(store.kbTotals.pages(FIRST))).toEqual([])
  })

  it('write nothing of an empty list, not even a table', async () => {
    await store.machines.list([])
    await store.changes.write(FIRST, [])
    await store.kbs.write([])
    expect(await collectPages(store.machines.pages())).toEqual([])
  })

  describe('tenants', () => {
    it('makes a tenant once, and gives it back as it is', async () => {
      const { tenant } = await store.tenant.getOrCreate({ createdAt: '2026-06-12T00:00:00Z', sliceOpen: true, activeCalls: 3 })
      expect(tenant).toMatchObject({
        createdAt: '2026-06-12T00:00:00Z',
        sliceOpen: true,
        activeCalls: 3,
        leaseOwner: null,
        activeSlices: 0,
      })
      expect((await store.tenant.getOrCreate({ createdAt: 'later' })).tenant).toEqual(tenant)
    })

    it('patches what is given and leaves the rest', async () => {
      const { etag } = await store.tenant.getOrCreate({ createdAt: 'then', leaseOwner: 'a' })
      await store.tenant.patch({ leaseOwner: null, missingKbsBudget: '[[1,2]]' }, etag)
      expect((await store.tenant.get())?.tenant).toMatchObject({ createdAt: 'then', leaseOwner: null, missingKbsBudget: '[[1,2]]' })
    })
  })

  describe('snapshots', () => {
    it('gives a snapshot back as it was written last', async () => {
      await store.snapshots.write(snapshotRow(FIRST, { status: 'running', phase: 'observing', errorCode: 'x' }))
      await store.snapshots.write(snapshotRow(FIRST))
      expect(await store.snapshots.get(FIRST)).toEqual(snapshotRow(FIRST))
    })

    it('reads a range with both its ends, of one tenant, oldest first', async () => {
      for (const id of ['20260610T020000Z', FIRST, '20260612T140000Z', SECOND, '20260614T020000Z'])
        await store.snapshots.write(snapshotRow(id))
      await other.snapshots.write(snapshotRow('20260612T050000Z'))
      expect((await collect(store.snapshots.range(FIRST, SECOND))).map((each) => each.snapshotId)).toEqual([
        FIRST,
        '20260612T140000Z',
        SECOND,
      ])
    })

    it('keeps the machines a snapshot could not observe beside it, not among snapshots', async () => {
      const machines = [3, 1, 2].map((index) => ({
        machineId: machineIdOf(index),
        computerDnsName: null,
        status: 404,
        code: 'NotFound',
        detail: 'gone',
        attempts: 3,
      }))
      await store.snapshots.write(snapshotRow(FIRST))
      await store.snapshots.writeUnknown(FIRST, machines)
      expect(await collectPages(store.snapshots.unknownPages(FIRST, { after: machineIdOf(1), pageSize: 1 }))).toEqual([
        machines[2],
        machines[0],
      ])
      expect(await collect(store.snapshots.range('2', '3'))).toHaveLength(1)
    })
  })

  describe('machines', () => {
    it('lays an outcome over a listing and the next listing over both', async () => {
      await store.machines.list([listing(machineIdOf(1))])
      expect(await store.machines.get(machineIdOf(1))).toMatchObject({
        ...listing(machineIdOf(1)),
        state: null,
        settledSnapshotId: null,
        oldestMissingAt: null,
      })
      await store.machines.settle([outcome(machineIdOf(1))])
      const {
        wanted: _,
        baseline: __,
        filteredOut: ___,
        ...next
      } = listing(machineIdOf(1), { computerDnsName: null, aadDeviceId: 'x', lastListedSnapshotId: SECOND, machineTags: [] })
      await store.machines.list([next])
      expect(await store.machines.get(machineIdOf(1))).toEqual({
        ...listing(machineIdOf(1)),
        ...outcome(machineIdOf(1)),
        ...next,
        gap: null,
      })
    })

    it('pages 2,100 machines in id order, from any machine on', async () => {
      const machines = Array.from({ length: 2_100 }, (_, index) => listing(machineIdOf(index)))
      await store.machines.list(machines.toReversed())
      await other.machines.list([listing(machineIdOf(5))])
      const pages = await collect(store.machines.pages())
      expect(pages.map((page) => page.length)).toEqual([1000, 1000, 100])
      expect(pages.flat().map(({ machineId }) => machineId)).toEqual(machines.map(({ machineId }) => machineId))
      const [rest] = await collect(store.machines.pages({ after: machineIdOf(2_096), pageSize: 2 }))
      expect(rest?.map(({ machineId }) => machineId)).toEqual([machineIdOf(2_097), machineIdOf(2_098)])
    })

    it('finds those that owe a snapshot one more attempt', async () => {
      await store.machines.list([1, 2, 3, 4].map((index) => listing(machineIdOf(index))))
      await store.machines.settle(
        [2, 3, 4].map((index) => outcome(machineIdOf(index), { retryInSnapshotId: index === 3 ? FIRST : SECOND })),
      )
      const due = await collectPages(store.machines.toRetry(SECOND, machineIdOf(2)))
      expect(due.map(({ machineId }) => machineId)).toEqual([machineIdOf(4)])
    })

    it('finds those that a snapshot has not settled: also one that was never settled, not one that is gone or filtered out', async () => {
      await store.machines.list([1, 2, 3, 4, 5, 6].map((index) => listing(machineIdOf(index))))
      await store.machines.settle([
        outcome(machineIdOf(1), { settledSnapshotId: FIRST }),
        outcome(machineIdOf(2), { settledSnapshotId: SECOND }),
        outcome(machineIdOf(3), { settledSnapshotId: FIRST, state: 'removed' }),
        outcome(machineIdOf(4), { settledSnapshotId: FIRST, filteredOut: true }),
      ])
      const left = async (after: string | null) =>
        (await collectPages(store.machines.unsettled(SECOND, after))).map(({ machineId }) => machineId)
      expect(await left(null)).toEqual([1, 5, 6].map(machineIdOf))
      expect(await left(machineIdOf(5))).toEqual([machineIdOf(6)])
    })

    it('caches any list of KB ids so that it comes back as a sorted list, or not at all', () => {
      const cached = (ids: readonly string[]) => cachedIds.decode(cachedIds.encode(ids))
      expect(cachedIds.encode(['5095051', '5094127'])).toBe('5094127 5095051')
      for (const ids of [[], ['1'], ['2', '1'], ['a-b.c']]) expect(cached(ids)).toEqual([...ids].sort())
      for (const ids of [['KB 1'], ['*'], [''], ['', '1'], Array.from({ length: 5_000 }, (_, index) => String(5_000_000 + index))]) {
        expect(cached(ids)).toBeNull()
      }
    })
  })

  describe('missingKbs', () => {
    it('gives back the intervals and the state of one machine', async () => {
      const closed = interval('KB 1/2', {
        resolvedSnapshotId: SECOND,
        resolvedReason: 'superseded',
        resolvedObservedAt: 'x',
        lastMissingSnapshotId: FIRST,
        replacedBy: ['2'],
        kbName: null,
      })
      const intervals = [
        interval('5094127'),
        interval('5094127', { appearedSnapshotId: SECOND, appearedReason: 'reopened', cveAddressed: null }),
        closed,
      ]
      expect(await store.missingKbs.commit(machineIdOf(1), transition(SECOND, intervals), undefined)).toBe('written')
      await store.missingKbs.commit(machineIdOf(2), transition(SECOND, [interval('x')]), undefined)
      const { state, intervals: read } = await store.missingKbs.read(machineIdOf(1))
      expect(read).toEqual(intervals)
      expect(state).toEqual(await store.missingKbs.state(machineIdOf(1)))
      expect(state).toMatchObject({ snapshotId: SECOND, outcome: 'observed', observedAt: '2026-06-12T02:00:03Z', pending: null })
    })

    it('reads a machine of more intervals than a page holds', async () => {
      const intervals = Array.from({ length: 1_100 }, (_, index) => interval(String(5_000_000 + index)))
      await store.missingKbs.commit(machineIdOf(1), transition(FIRST, intervals), undefined)
      expect((await store.missingKbs.read(machineIdOf(1))).intervals).toEqual(intervals)
    })
  })

  describe('changes', () => {
    const write = async () => {
      const changes = [
        ['1', 'b'],
        ['1', 'KB 1/2'],
        ['11', 'a'],
        ['2', 'a'],
      ].map(([machine = '', kb = '']) => changeRow(SECOND, machine.padEnd(40, '0'), kb))
      await store.changes.write(SECOND, changes)
      await store.changes.write(SECOND, changes)
      return changes
    }

    it('gives back the changes of a bucket in order of machine and KB, once, however often they were written', async () => {
      const [b, slash, other] = await write()
      const bucket = { tenantId: TENANT, snapshotId: SECOND, bucket: '1' }
      expect(await collectPages(store.changes.pages(bucket))).toEqual([slash, b, other])
      expect(await collectPages(store.changes.pages({ ...bucket, machineId: '1'.padEnd(40, '0') }))).toEqual([slash, b])
      expect(await collectPages(store.changes.pages({ ...bucket, after: `${'1'.padEnd(40, '0')}|b` }))).toEqual([other])
      expect(await collectPages(store.changes.pages({ ...bucket, snapshotId: '20260613T020001Z' }))).toEqual([])
      expect(bucketOf('2'.padEnd(40, '0'))).toBe('2')
    })
  })

  describe('kbs', () => {
    it('merges what is known of a KB, and pages in key order', async () => {
      await store.kbs.write([kbRow('b'), kbRow('a 1')])
      await store.kbs.write([{ kbId: 'b', machinesMissing: 0, url: null }])
      expect(await store.kbs.get('b')).toEqual(kbRow('b', { machinesMissing: 0, url: null }))
      expect(await collectPages(store.kbs.pages())).toEqual([kbRow('a 1'), kbRow('b', { machinesMissing: 0, url: null })])
      expect(await collectPages(store.kbs.pages({ after: 'a 1', pageSize: 1 }))).toHaveLength(1)
    })

    it('keeps both of two merges of one KB in one call', async () => {
      await store.kbs.write([kbRow('a', { machinesMissing: 7 }), { kbId: 'a', lastSeenSnapshotId: '20260701T020000Z' }])
      expect(await store.kbs.get('a')).toEqual(kbRow('a', { machinesMissing: 7, lastSeenSnapshotId: '20260701T020000Z' }))
    })
  })

  it('kbTotals gives back the totals of one snapshot', async () => {
    const totals = ['b', 'a', 'KB 1'].map((kbId, index) => ({ kbId, machinesMissing: index, appeared: 1, resolved: 2 }))
    await store.kbTotals.write(FIRST, totals)
    await store.kbTotals.write(SECOND, totals.slice(0, 1))
    expect((await collectPages(store.kbTotals.pages(FIRST))).map(({ kbId }) => kbId)).toEqual(['KB 1', 'a', 'b'])
    expect(await collectPages(store.kbTotals.pages(SECOND))).toEqual(totals.slice(0, 1))
    expect((await collectPages(store.kbTotals.pages(FIRST, { after: 'a' }))).map(({ kbId }) => kbId)).toEqual(['b'])
  })
})
