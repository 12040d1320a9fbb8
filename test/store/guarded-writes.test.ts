import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TenantStore } from '../../src/store/index.ts'
import { interval, machineIdOf, transition } from '../support/store-rows.ts'
import { openTestStore, STORE_OPTIONS } from '../support/stores.ts'
import { freshName, type RunningService, TABLE_SERVICES } from '../support/table-services.ts'

const FIRST = '20260612T020000Z'
const SECOND = '20260613T020000Z'

describe.each(TABLE_SERVICES)('guarded writes in $name', ({ start }) => {
  let service: RunningService
  let store: TenantStore
  let prefix: string
  beforeAll(async () => {
    service = await start()
  })
  afterAll(async () => {
    await service.close()
  })
  beforeEach(() => {
    prefix = freshName('s').slice(0, 20)
    store = openTestStore(service.connectionString, prefix)
  })

  it('let one of many patches of the same reading through', async () => {
    const { etag } = await store.tenant.getOrCreate({})
    const kinds = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (leaseOwner) => ({ leaseOwner, ...(await store.tenant.patch({ leaseOwner }, etag)) })),
    )
    const written = kinds.filter(({ kind }) => kind === 'written')
    expect(written).toHaveLength(1)
    expect((await store.tenant.get())?.tenant.leaseOwner).toBe(written[0]?.leaseOwner)
  })

  it('let a writer go on with the ETag that its last write gave', async () => {
    let { etag } = await store.tenant.getOrCreate({})
    for (let calls = 1; calls <= 3; calls++) {
      const written = await store.tenant.patch({ activeCalls: calls }, etag)
      if (written.kind !== 'written') throw new Error('outdated')
      etag = written.etag
    }
    expect(await store.tenant.get()).toMatchObject({ tenant: { activeCalls: 3 }, etag })
  })

  it('make one tenant of many at once, and all get it', async () => {
    const read = await Promise.all(['a', 'b', 'c', 'd'].map((createdAt) => store.tenant.getOrCreate({ createdAt })))
    expect(new Set(read.map(({ tenant }) => tenant.createdAt)).size).toBe(1)
  })

  it('call a patch of a tenant that is not there outdated', async () => {
    const { etag } = await store.tenant.getOrCreate({})
    const other = openTestStore(service.connectionString, prefix, STORE_OPTIONS, machineIdOf(1))
    expect(await other.tenant.patch({ leaseOwner: 'a' }, etag)).toEqual({ kind: 'outdated' })
  })

  it('let one of two first commits of a machine through, whole', async () => {
    const commit = (kb: string) => store.missingKbs.commit(machineIdOf(1), transition(FIRST, [interval(kb)]), undefined)
    const results = await Promise.all([commit('a'), commit('b')])
    expect(results.toSorted()).toEqual(['outdated', 'written'])
    const { intervals } = await store.missingKbs.read(machineIdOf(1))
    expect(intervals.map(({ kbId }) => kbId)).toEqual([results[0] === 'written' ? 'a' : 'b'])
  })

  it('write nothing of a commit over a state that has moved on', async () => {
    await store.missingKbs.commit(machineIdOf(1), transition(FIRST, []), undefined)
    const state = await store.missingKbs.state(machineIdOf(1))
    expect(await store.missingKbs.commit(machineIdOf(1), transition(SECOND, [interval('a')]), state)).toBe('written')
    expect(await store.missingKbs.commit(machineIdOf(1), transition(SECOND, [interval('b')]), state)).toBe('outdated')
    expect((await store.missingKbs.read(machineIdOf(1))).intervals.map(({ kbId }) => kbId)).toEqual(['a'])
  })
})
