import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Fault, type RunningTableService, type SeenRequest, startTableService } from '../../dev/table-service/index.ts'
import { BUCKETS, type TenantStore } from '../../src/store/index.ts'
import { changeRow, interval, kbRow, listing, machineIdOf, outcome, snapshotRow, transition } from '../support/store-rows.ts'
import { collectPages, openTestStore, STORE_OPTIONS } from '../support/stores.ts'

const FIRST = '20260612T020000Z'
const SECOND = '20260613T020000Z'
const MACHINE = machineIdOf(1)

describe('the store, over a service that', () => {
  let service: RunningTableService
  let store: TenantStore
  let script: (request: SeenRequest) => Fault | undefined

  beforeEach(async () => {
    script = () => undefined
    service = await startTableService({ script: (request) => script(request), behaviour: { retryAfterSeconds: 0 } })
    store = openTestStore(service.connectionString, 'x')
  })
  afterEach(async () => {
    await service.close()
  })

  /** The fault befalls the next `times` requests of this kind. */
  const next = (kind: SeenRequest['kind'], fault: Fault, times = 1) => {
    let left = times
    script = (request) => (request.kind === kind && left > 0 ? (left--, fault) : undefined)
  }

  const seed = async (machines: number) => {
    await store.machines.list(
      Array.from({ length: machines }, (_, index) => listing(machineIdOf(index), { lastListedSnapshotId: index % 7 ? FIRST : SECOND })),
    )
  }

  it.each([
    'serverBusy',
    'serverBusyInside',
    'internalError',
    'connectionReset',
    'timedOutAfterSuccess',
    'responseLost',
    'brokenOff',
    'halved',
  ] as const)('answers %s five times, writes and reads all the same', async (fault) => {
    await store.machines.list([listing(MACHINE)])
    next('batch', fault, 5)
    await store.machines.settle([outcome(MACHINE)])
    next('get', fault, 5)
    expect(await store.machines.get(MACHINE)).toMatchObject(outcome(MACHINE))
    next('query', fault, 5)
    expect(await collectPages(store.machines.pages())).toHaveLength(1)
  })

  it.each(['serverBusy', 'serverBusyInside'] as const)('is %s for good, fails in the end with its status and code', async (fault) => {
    await store.machines.list([listing(MACHINE)])
    next('batch', fault, Infinity)
    await expect(store.machines.settle([outcome(MACHINE)])).rejects.toMatchObject({ statusCode: 503, code: 'ServerBusy' })
    expect(service.counts().faults[fault]).toBe(STORE_OPTIONS.retryOptions.maxRetries + 1)
  })

  it.each([
    ['short pages', { scannedRowsPerPage: 3 }],
    ['pages that end at partitions', { pageEndsAtPartition: true }],
    ['empty pages with a continuation', { emptyPages: 0.7 }],
    ['all of these', { scannedRowsPerPage: 2, pageEndsAtPartition: true, emptyPages: 0.5 }],
  ])('sends %s, reads all the same', async (_, behaviour) => {
    const ids = ['20200101T000000Z', '20251231T000000Z', FIRST, SECOND]
    await seed(40)
    await store.machines.settle([outcome(machineIdOf(9), { retryInSnapshotId: SECOND })])
    for (const id of ids) await store.snapshots.write(snapshotRow(id))
    await store.snapshots.writeUnknown(
      FIRST,
      Array.from({ length: 9 }, (__, index) => ({
        machineId: machineIdOf(index),
        computerDnsName: null,
        status: 0,
        code: '',
        detail: '',
        attempts: 1,
      })),
    )
    await store.missingKbs.commit(
      MACHINE,
      transition(
        FIRST,
        Array.from({ length: 20 }, (__, index) => interval(`kb${index}`)),
      ),
      undefined,
    )
    await store.changes.write(
      FIRST,
      Array.from({ length: 32 }, (__, index) => changeRow(FIRST, `${BUCKETS[index % 16] ?? ''}${machineIdOf(index).slice(1)}`, 'kb')),
    )
    await store.kbs.write(Array.from({ length: 9 }, (__, index) => kbRow(`kb${index}`)))
    const readAll = async () => ({
      machines: await collectPages(store.machines.pages()),
      unsettled: await collectPages(store.machines.unsettled(SECOND, null)),
      toRetry: await collectPages(store.machines.toRetry(SECOND, null)),
      unknown: await collectPages(store.snapshots.unknownPages(FIRST, { after: machineIdOf(2), pageSize: 2 })),
      newestFirst: await collectPages(asPages(store.snapshots.newestFirst('20270101T000000Z', '20200101T000000Z'))),
      missingKbs: await store.missingKbs.read(MACHINE),
      changes: await Promise.all(BUCKETS.map((bucket) => collectPages(store.changes.pages({ snapshotId: FIRST, bucket })))),
      kbs: await collectPages(store.kbs.pages()),
    })
    const undisturbed = await readAll()
    expect(undisturbed.unsettled).toHaveLength(40)
    expect(undisturbed.newestFirst.map(({ snapshotId }) => snapshotId)).toEqual(ids.toReversed())
    const before = service.counts().kinds.query ?? 0
    service.setFaults(behaviour)
    expect(await readAll()).toEqual(undisturbed)
    expect((service.counts().kinds.query ?? 0) - before).toBeGreaterThan(30)
  })

  describe('loses the answer to a guarded write that took effect', () => {
    it.each(['responseLost', 'timedOutAfterSuccess'] as const)(
      '(%s) calls a patch outdated; reading again shows it written',
      async (fault) => {
        const { etag } = await store.tenant.getOrCreate({})
        next('merge', fault)
        expect(await store.tenant.patch({ leaseOwner: 'me' }, etag)).toEqual({ kind: 'outdated' })
        expect((await store.tenant.get())?.tenant.leaseOwner).toBe('me')
      },
    )

    it('makes the tenant all the same', async () => {
      await openTestStore(service.connectionString, 'x', STORE_OPTIONS, 'another').tenant.getOrCreate({})
      next('insert', 'responseLost')
      expect((await store.tenant.getOrCreate({ createdAt: 'now' })).tenant.createdAt).toBe('now')
    })

    it.each([undefined, 'known'])('calls a commit outdated; reading again shows it written (state %s)', async (known) => {
      await store.missingKbs.commit(known ? MACHINE : machineIdOf(2), transition(FIRST, []), undefined)
      const state = await store.missingKbs.state(MACHINE)
      next('batch', 'responseLost')
      expect(await store.missingKbs.commit(MACHINE, transition(SECOND, [interval('a')]), state)).toBe('outdated')
      expect(await store.missingKbs.read(MACHINE)).toMatchObject({ state: { snapshotId: SECOND }, intervals: [{ kbId: 'a' }] })
    })
  })

  it('resets a connection before a guarded write, writes it once', async () => {
    const { etag } = await store.tenant.getOrCreate({})
    next('merge', 'connectionReset')
    expect(await store.tenant.patch({ leaseOwner: 'me' }, etag)).toMatchObject({ kind: 'written' })
  })

  it('fails one of many batches, has nothing more sent once the caller knows', async () => {
    store = openTestStore(service.connectionString, 'x', { ...STORE_OPTIONS, retryOptions: { maxRetries: 0 } })
    await seed(1)
    let batches = 0
    script = ({ kind }) => (kind === 'batch' && ++batches === 2 ? 'internalError' : undefined)
    await expect(seed(5_000)).rejects.toMatchObject({ statusCode: 500 })
    const sent = service.counts().kinds.batch
    // Anything still under way is on its connection before this one is opened.
    for (let index = 0; index < 5; index++) await store.machines.get(MACHINE)
    expect(service.counts().kinds.batch).toBe(sent)
    expect(batches).toBeLessThan(10)
  })

  it('misses the table of a month when its first changes come from many writers at once, writes them all', async () => {
    await Promise.all(
      Array.from({ length: 8 }, (_, index) => store.changes.write(FIRST, [changeRow(FIRST, `${index}`.padEnd(40, '0'), 'kb')])),
    )
    const found = await Promise.all(BUCKETS.map((bucket) => collectPages(store.changes.pages({ snapshotId: FIRST, bucket }))))
    expect(found.flat()).toHaveLength(8)
  })
})

async function* asPages<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  for await (const item of items) yield [item]
}
