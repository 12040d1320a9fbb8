import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { snapshotIdAfter } from '../../src/domain/index.ts'
import { type RunningTableService, startTableService } from '../../dev/table-service/index.ts'
import { type TenantStore } from '../../src/store/index.ts'
import { snapshotRow } from '../support/store-rows.ts'
import { collect, openTestStore } from '../support/stores.ts'

const NOW = '20260612T020000Z'
const DAY = 86_400
const idAgo = (seconds: number) => snapshotIdAfter(NOW, -seconds)

describe('snapshots, newest first', () => {
  let service: RunningTableService
  beforeAll(async () => {
    service = await startTableService()
  })
  afterAll(async () => {
    await service.close()
  })

  async function storeOf(ids: readonly string[]): Promise<TenantStore> {
    const store = openTestStore(service.connectionString)
    await Promise.all(ids.map((id) => store.snapshots.write(snapshotRow(id))))
    return store
  }

  it('are those below `before` and not older than `oldest`, whatever the gaps between them', async () => {
    const ago = fc.oneof(
      fc.integer({ min: 0, max: 40 * DAY }),
      fc.integer({ min: 0, max: 3_000 * DAY }),
      fc.constantFrom(0, 8 * DAY, 24 * DAY, 56 * DAY),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(ago, { maxLength: 12 }),
        ago,
        fc.option(ago, { nil: undefined }),
        async (agos, beforeAgo, oldestAgo) => {
          const ids = agos.map(idAgo)
          const store = await storeOf(ids)
          const before = idAgo(beforeAgo)
          const oldest = oldestAgo === undefined ? null : idAgo(oldestAgo)
          const found = await collect(store.snapshots.newestFirst(before, oldest))
          expect(found.map(({ snapshotId }) => snapshotId)).toEqual(
            ids
              .filter((id) => id < before && id >= (oldest ?? ''))
              .sort()
              .reverse(),
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  it('cost what is taken, not the length of the history', async () => {
    const store = await storeOf(Array.from({ length: 400 }, (_, day) => idAgo(day * DAY)))
    const before = service.counts()
    for await (const { snapshotId } of store.snapshots.newestFirst(idAgo(0), idAgo(1_000 * DAY))) if (snapshotId <= idAgo(5 * DAY)) break
    const after = service.counts()
    expect(after.rowsScanned - before.rowsScanned).toBe(8)
    expect(after.transactions - before.transactions).toBe(1)
  })

  it('cost few queries over an empty stretch of years', async () => {
    const store = await storeOf([idAgo(3_000 * DAY)])
    const before = service.counts().transactions
    expect(await collect(store.snapshots.newestFirst(idAgo(0), idAgo(3_000 * DAY)))).toHaveLength(1)
    expect(service.counts().transactions - before).toBeLessThanOrEqual(9)
  })
})
