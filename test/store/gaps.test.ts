import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Gap, OpenGap } from '../../src/domain/index.ts'
import type { TenantStore } from '../../src/store/index.ts'
import { interval, listing, machineIdOf, outcome, TENANT, transition } from '../support/store-rows.ts'
import { collect, collectPages, openTestStore, STORE_OPTIONS } from '../support/stores.ts'
import { freshName, type RunningService, TABLE_SERVICES } from '../support/table-services.ts'

const FIRST = '20260612T020000Z'
const SECOND = '20260613T020000Z'
const gap = (fromSnapshotId: string, values: Partial<Gap> = {}): Gap => ({
  ...{ kind: 'unknown', code: "it's /404#", fromSnapshotId, toSnapshotId: null, atLeast: false },
  ...values,
})

describe.each(TABLE_SERVICES)('gaps in $name', ({ start }) => {
  let service: RunningService
  let store: TenantStore
  let other: TenantStore
  beforeAll(async () => {
    service = await start()
  })
  afterAll(() => service.close())
  beforeEach(() => {
    const prefix = freshName('g').slice(0, 20)
    store = openTestStore(service.connectionString, prefix)
    other = openTestStore(service.connectionString, prefix, STORE_OPTIONS, `${TENANT.slice(0, -1)}6`)
  })

  it('lie beside the intervals and the state of their machine, also those of KBs with such a name', async () => {
    const machineId = machineIdOf(1)
    const kbs = ['gap', 'gap!', 'gaz', '1'].map((kbId) => interval(kbId))
    await store.missingKbs.commit(machineId, transition(FIRST, kbs), undefined)
    const gaps = [gap(FIRST, { toSnapshotId: SECOND, atLeast: true }), gap(SECOND, { kind: 'silent', code: 'silent' })]
    await store.missingKbs.writeGaps(gaps.map((row) => ({ ...row, machineId })))
    const partition = await store.missingKbs.read(machineId)
    expect(partition.gaps).toEqual(gaps)
    expect(partition.intervals.map(({ kbId }) => kbId).sort()).toEqual(['1', 'gap', 'gap!', 'gaz'])
    expect(partition.state).toMatchObject({ snapshotId: FIRST })
    expect(await store.missingKbs.gaps(machineId)).toEqual(gaps)
    expect(await store.missingKbs.intervalsOf(machineId, 'gap')).toEqual([interval('gap')])
  })

  it('are read for many machines in key order, from a place on, and no others', async () => {
    const rows = [1, 2, 3].flatMap((index) => [FIRST, SECOND].map((id) => ({ machineId: machineIdOf(index), ...gap(id) })))
    await store.missingKbs.writeGaps(rows.toReversed())
    await other.missingKbs.writeGaps([{ machineId: machineIdOf(2), ...gap(FIRST) }])
    for (const index of [1, 3])
      await store.missingKbs.commit(machineIdOf(index), transition(FIRST, [interval('1'), interval('gap!')]), undefined)
    const read = async (from: { partition: string; row: string; done?: boolean }, partition = '~') =>
      (await collect(store.missingKbs.gapSpan({ from, to: { partition, row: '' } }))).flatMap((page) => page.rows)
    expect(await read({ partition: '', row: '' })).toEqual(rows)
    expect(await read({ partition: machineIdOf(1), row: `gap:${FIRST}`, done: true }, machineIdOf(3))).toEqual(rows.slice(1, 4))
    expect(
      await collectPages(rowsOf(store.missingKbs.span({ from: { partition: '', row: '' }, to: { partition: '~', row: '' } }))),
    ).toHaveLength(4)
  })

  it('stand beside their machine, until there is none', async () => {
    const machineId = machineIdOf(1)
    const open: OpenGap = { kind: 'skipped', code: 'not onboarded', fromSnapshotId: FIRST, atLeast: true }
    await store.machines.list([listing(machineId)])
    await store.machines.settle([outcome(machineId, { firstListedSnapshotId: null })])
    expect(await store.machines.get(machineId)).toMatchObject({ gap: null, firstListedSnapshotId: null })
    await store.machines.noteGaps([{ machineId, gap: open, firstListedSnapshotId: FIRST }])
    expect(await store.machines.get(machineId)).toMatchObject({ gap: open, firstListedSnapshotId: FIRST, state: 'observed' })
    await store.machines.noteGaps([{ machineId, gap: null, firstListedSnapshotId: FIRST }])
    expect((await store.machines.get(machineId))?.gap).toBeNull()
  })

  it('a snapshot keeps whom else it did not assess, and does not list them', async () => {
    const [one, two] = [machineIdOf(1), machineIdOf(2)]
    const unknown = { machineId: one, computerDnsName: null, status: 404, code: 'http404', detail: '', attempts: 4 }
    await store.snapshots.writeUnknown(FIRST, [unknown])
    await store.snapshots.writeUnassessed(FIRST, [{ machineId: two, kind: 'silent', code: 'neverReported' }])
    expect(await collectPages(store.snapshots.unknownPages(FIRST))).toEqual([unknown])
    expect(await store.snapshots.unassessed(FIRST, one)).toEqual({ kind: 'unknown', code: 'http404' })
    expect(await store.snapshots.unassessed(FIRST, two)).toEqual({ kind: 'silent', code: 'neverReported' })
    expect(await store.snapshots.unassessed(SECOND, two)).toBeUndefined()
  })
})

async function* rowsOf<T>(pages: AsyncIterable<{ rows: T[] }>): AsyncGenerator<T[]> {
  for await (const { rows } of pages) yield rows
}
