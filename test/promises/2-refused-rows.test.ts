import { RestError, type TableClient } from '@azure/data-tables'
import { describe, expect, it } from 'vitest'
import { idOf, kbOf, machineOf, type ScriptedWorld, START, startScriptedWorld } from '../support/scripted-world.ts'
import { collect, collectPages } from '../support/stores.ts'
import { DAY } from '../support/world.ts'

const BAD = idOf(3)
const MACHINES = 150

type Row = Record<string, unknown> & { partitionKey: string; rowKey: string }
type IsRefused = (row: Row) => boolean

/** Machines that miss a KB each; what is odd about the bad one is its own KB. */
async function startMany() {
  const world = await startScriptedWorld()
  world.script.machines = Array.from({ length: MACHINES }, (_, index) => machineOf(index))
  for (const { machineId } of world.script.machines) world.script.kbs.set(machineId, [kbOf('1')])
  world.script.kbs.set(BAD, [kbOf('1'), kbOf('odd')])
  return world
}

/** A program over tables of which one refuses some rows, by the service's own rule: the transaction they are in. */
function refusing(world: ScriptedWorld, table: string, isRefused: IsRefused) {
  let transactions = 0
  const hold = (client: TableClient, name: string) => {
    if (name !== table) return client
    const submit = client.submitTransaction.bind(client)
    client.submitTransaction = async (actions) => {
      transactions++
      const refused = [...actions].some(([, row]) => isRefused(row))
      if (refused) throw new RestError('0:The property value is too large', { statusCode: 400, code: 'PropertyValueTooLarge' })
      return submit(actions)
    }
    return client
  }
  return { program: world.another({}, world.clock, hold), transactions: () => transactions }
}

const refusedIn = (world: ScriptedWorld) => world.log.filter(({ event }) => event === 'row.refused').map(({ fields }) => fields)

describe('promise 2: a row that the storage refuses costs that row', () => {
  it.each<{ table: string; isRefused: IsRefused; rowKey: string }>([
    { table: 'changes202603', isRefused: ({ rowKey }) => rowKey === `${BAD}|odd`, rowKey: `${BAD}|odd` },
    { table: 'kbs', isRefused: ({ rowKey }) => rowKey === 'odd', rowKey: 'odd' },
    { table: 'kbtotals', isRefused: ({ rowKey }) => rowKey === 'odd', rowKey: 'odd' },
  ])('one of $table: all others are written, the log names it, the next snapshot is whole', async ({ table, isRefused, rowKey }) => {
    const world = await startMany()
    const { program, transactions } = refusing(world, table, isRefused)
    const snapshotId = await world.snapshot(START, program)
    expect(await world.row(snapshotId)).toMatchObject({ status: 'completed', observed: MACHINES, missingPairs: MACHINES + 1 })
    expect(refusedIn(world)).toEqual([expect.objectContaining({ table, rowKey, code: 'PropertyValueTooLarge' })])
    expect(transactions()).toBeLessThan(30)
    const lost = table === 'changes202603' ? [] : ['3 odd appeared baseline']
    const changes = await world.changesOf(snapshotId)
    expect(changes).toHaveLength(MACHINES + lost.length)
    expect(changes.filter((change) => change.includes('odd'))).toEqual(lost)
    const next = await world.snapshot(START + DAY)
    expect(await world.row(next)).toMatchObject({ status: 'completed', missingPairs: MACHINES + 1, missingKbs: 2 })
    const totals = await collectPages(world.store.kbTotals.pages(next))
    expect(totals.map(({ kbId, machinesMissing }) => [kbId, machinesMissing])).toEqual([
      ['1', MACHINES],
      ['odd', 1],
    ])
  })

  it('the row of a settled machine: it is unknown with that cause, what it misses is counted, and the next answer is compared right', async () => {
    const world = await startMany()
    await world.snapshot(START)
    world.script.kbs.set(BAD, [kbOf('2')])
    // What is settled has a state, what is listed has none; the row that says why it is unknown is taken.
    const { program } = refusing(world, 'machines', ({ rowKey, state }) => rowKey === BAD && state === 'observed')
    const second = await world.snapshot(START + DAY, program)
    expect(await world.row(second)).toMatchObject({ status: 'incomplete', observed: MACHINES - 1, unknown: 1, missingPairs: MACHINES })
    expect(await world.store.machines.get(BAD)).toMatchObject({ state: 'unknown', code: 'unprocessable', missingKbIds: null })
    expect(await collectPages(world.store.snapshots.unknownPages(second))).toMatchObject([{ machineId: BAD, code: 'unprocessable' }])
    expect(await world.changesOf(second)).toHaveLength(3)
    // As before the refused row, and not as its intervals: it is no unchanged machine.
    world.script.kbs.set(BAD, [kbOf('1'), kbOf('odd')])
    const third = await world.snapshot(START + 2 * DAY)
    expect((await world.changesOf(third)).map((change) => change.split(' ').slice(1, 3).join(' ')).sort()).toEqual([
      '1 appeared',
      '2 resolved',
      'odd appeared',
    ])
  })

  it('the row of a listed machine, and of one that is unknown: the snapshot ends, and the others have their history', async () => {
    const world = await startMany()
    const listed = await world.snapshot(START, refusing(world, 'machines', ({ rowKey }) => rowKey === BAD).program)
    expect(await world.row(listed)).toMatchObject({ status: 'completed', observed: MACHINES - 1 })
    world.script.missingKbs = (machineId) =>
      machineId === BAD ? { kind: 'fault', fault: { kind: 'refused', status: 400, code: 'http400', detail: 'odd' } } : undefined
    const unknown = await world.snapshot(START + DAY, refusing(world, 'snapshots', ({ rowKey }) => rowKey === BAD).program)
    expect(await world.row(unknown)).toMatchObject({ status: 'incomplete', unknown: 1 })
    expect(refusedIn(world).map(({ table, rowKey }) => [table, rowKey])).toEqual([
      ['machines', BAD],
      ['snapshots', BAD],
    ])
  })

  it('every row of one machine: it is not observed, so that nothing is compared with a row that was left behind', async () => {
    const world = await startMany()
    await world.snapshot(START)
    world.script.kbs.set(BAD, [kbOf('1')])
    const second = await world.snapshot(START + DAY, refusing(world, 'machines', ({ rowKey }) => rowKey === BAD).program)
    expect(await world.changesOf(second)).toEqual([])
    world.script.kbs.set(BAD, [kbOf('1'), kbOf('odd')])
    expect(await world.changesOf(await world.snapshot(START + 2 * DAY))).toEqual([])
    expect((await world.store.missingKbs.read(BAD)).intervals).toHaveLength(2)
  })

  it("a snapshot's own row fails the tick: nothing goes on without it", async () => {
    const world = await startMany()
    await expect(world.snapshot(START, refusing(world, 'snapshots', ({ rowKey }) => rowKey.startsWith('2026')).program)).rejects.toThrow(
      'is refused',
    )
  })

  it('a count that no row can hold is the largest one', async () => {
    const world = await startMany()
    const { tenant, etag } = await world.tenant()
    await world.store.tenant.patch({ activeMilliseconds: tenant.activeMilliseconds + 2 ** 40, activeCalls: -(2 ** 40) }, etag)
    expect((await world.tenant()).tenant).toMatchObject({ activeMilliseconds: 2 ** 31 - 1, activeCalls: 1 - 2 ** 31 })
    expect(await collect(world.store.snapshots.range('2', '3'))).toEqual([])
  })
})
