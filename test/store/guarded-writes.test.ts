import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../../src/store/index.ts'
import { interval, machineIdOf, TENANT, transition } from '../support/store-rows.ts'
import { openTestStore } from '../support/stores.ts'
import { type RunningService, TABLE_SERVICES } from '../support/table-services.ts'

const FIRST = '20260612T020000Z'
const SECOND = '20260613T020000Z'

describe.each(TABLE_SERVICES)('guarded writes in $name', ({ start }) => {
  let service: RunningService
  let store: Store
  beforeAll(async () => {
    service = await start()
  })
  afterAll(async () => {
    await service.close()
  })
  beforeEach(() => {
    store = openTestStore(service.connectionString)
  })

  it('let one of many patches of the same reading through', async () => {
    const { etag } = await store.tenants.getOrCreate(TENANT, {})
    const kinds = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (leaseOwner) => ({ leaseOwner, ...(await store.tenants.patch(TENANT, { leaseOwner }, etag)) })),
    )
    const written = kinds.filter(({ kind }) => kind === 'written')
    expect(written).toHaveLength(1)
    expect((await store.tenants.get(TENANT))?.tenant.leaseOwner).toBe(written[0]?.leaseOwner)
  })

  it('let a writer go on with the ETag that its last write gave', async () => {
    let { etag } = await store.tenants.getOrCreate(TENANT, {})
    for (let calls = 1; calls <= 3; calls++) {
      const written = await store.tenants.patch(TENANT, { activeCalls: calls }, etag)
      if (written.kind !== 'written') throw new Error('outdated')
      etag = written.etag
    }
    expect(await store.tenants.get(TENANT)).toMatchObject({ tenant: { activeCalls: 3 }, etag })
  })

  it('make one tenant of many at once, and all get it', async () => {
    const read = await Promise.all(['a', 'b', 'c', 'd'].map((createdAt) => store.tenants.getOrCreate(TENANT, { createdAt })))
    expect(new Set(read.map(({ tenant }) => tenant.createdAt)).size).toBe(1)
  })

  it('call a patch of a tenant that is not there outdated', async () => {
    const { etag } = await store.tenants.getOrCreate(TENANT, {})
    expect(await store.tenants.patch(machineIdOf(1), { leaseOwner: 'a' }, etag)).toEqual({ kind: 'outdated' })
  })

  it('let one of two first commits of a machine through, whole', async () => {
    const commit = (kb: string) => store.missingKbs.commit(TENANT, machineIdOf(1), transition(FIRST, [interval(kb)]), undefined)
    const results = await Promise.all([commit('a'), commit('b')])
    expect(results.toSorted()).toEqual(['outdated', 'written'])
    const { intervals } = await store.missingKbs.read(TENANT, machineIdOf(1))
    expect(intervals.map(({ kbId }) => kbId)).toEqual([results[0] === 'written' ? 'a' : 'b'])
  })

  it('write nothing of a commit over a state that has moved on', async () => {
    await store.missingKbs.commit(TENANT, machineIdOf(1), transition(FIRST, []), undefined)
    const state = await store.missingKbs.state(TENANT, machineIdOf(1))
    expect(await store.missingKbs.commit(TENANT, machineIdOf(1), transition(SECOND, [interval('a')]), state)).toBe('written')
    expect(await store.missingKbs.commit(TENANT, machineIdOf(1), transition(SECOND, [interval('b')]), state)).toBe('outdated')
    expect((await store.missingKbs.read(TENANT, machineIdOf(1))).intervals.map(({ kbId }) => kbId)).toEqual(['a'])
  })
})
