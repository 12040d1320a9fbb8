import type { TableClient } from '@azure/data-tables'
import { describe, expect, it } from 'vitest'
import { snapshotIdOf } from '../../src/domain/index.ts'
import type { DefenderClient } from '../../src/defender/index.ts'
import { openStore } from '../../src/store/index.ts'
import { tick } from '../../src/sync/index.ts'
import { expectConsistent } from '../support/consistency.ts'
import { begin, type FrozenWorld, type Run, snapshotAt, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import { HangingWrite } from '../support/hanging-write.ts'
import { STORE_OPTIONS } from '../support/stores.ts'
import { openClient } from '../support/table-services.ts'
import { LOOKS, rowsOfRun } from '../support/two-looks.ts'
import { MINUTE, takeSnapshot } from '../support/world.ts'

const [FIRST = 0, SECOND = 0] = LOOKS
const startWorld = () => startFrozenWorld({ machines: 15, seed: 18, tables: 'tableService' })

type OpenTable = (name: string) => TableClient
/** Puts a write that hangs between a worker and its tables. */
type Hold = (write: HangingWrite, openTable: OpenTable) => OpenTable

const beforeItIsSent: Hold = (write, openTable) => (name) => write.beforeItIsSent(openTable(name))
/** Only what changes a machine's intervals is guarded to the last; any other write is on its way for less time than the lease has left. */
const commitOnItsWay: Hold = (write, openTable) => (name) =>
  name.endsWith('missingkbs') ? write.onItsWay(openTable(name)) : openTable(name)

/** Says of every machine that it misses this one KB. */
function missingAnother(defender: DefenderClient): DefenderClient {
  const another = {
    kbId: '6000000',
    kbName: null,
    productsNames: ['windows_11'],
    url: null,
    cveAddressed: 1,
    machineMissedOn: 1,
    osBuild: null,
  }
  return {
    ...defender,
    missingKbs: async (...args) => {
      const answer = await defender.missingKbs(...args)
      return answer.kind === 'observed' ? { ...answer, kbs: [another] } : answer
    },
  }
}

/** One worker's write hangs until its lease is over and another has taken the snapshot to its end; what the late one came to. */
async function overtake(
  { world }: FrozenWorld,
  run: Run,
  hold: (openTable: OpenTable) => OpenTable,
  write: HangingWrite,
  heard: (defender: DefenderClient) => DefenderClient,
): Promise<string> {
  const { services, clock } = run
  const { tablePrefix } = services.config.storage
  const store = openStore(
    hold((name) => openClient(world.tables, name, STORE_OPTIONS)),
    tablePrefix,
  )
  const late = tick({ ...services, store }).then(
    ({ kind }) => kind,
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  )
  // Without one that hangs, all writes have been through this.
  if ((await Promise.race([late, write.hangs])) !== 'hangs') return late
  clock.advance(2 * MINUTE)
  const other = await world.another({ environment: { TABLE_PREFIX: tablePrefix }, clock })
  await takeSnapshot({ ...other, defender: heard(other.defender) }, clock)
  write.arrive()
  return `late ${await late}`
}

/** Lets every write of the second look hang in turn, each in tables of its own; what the workers came to. */
async function overtakeAtEveryWrite(
  frozenWorld: FrozenWorld,
  hold: Hold,
  heard: (defender: DefenderClient) => DefenderClient,
  check: (run: Run) => Promise<void>,
): Promise<string[]> {
  const outcomes: string[] = []
  for (let number = 1; outcomes.at(-1)?.startsWith('late') !== false; number++) {
    const run = await startRun(frozenWorld, `late${number}`)
    await snapshotAt(frozenWorld, run, FIRST)
    await begin(frozenWorld, run, SECOND)
    const write = new HangingWrite(number)
    outcomes.push(await overtake(frozenWorld, run, (openTable) => hold(write, openTable), write, heard))
    await check(run)
  }
  return outcomes.slice(0, -1)
}

const isConsistent = ({ services }: Run) =>
  expectConsistent(
    services,
    LOOKS.map((at) => snapshotIdOf(at)),
  )

describe('promise 5: a write that is late', () => {
  it('is not sent once another worker may have the tenant, whichever write it is', { timeout: 120_000 }, async () => {
    const frozenWorld = await startWorld()
    const alone = await startRun(frozenWorld, 'alone')
    await snapshotAt(frozenWorld, alone, FIRST)
    await snapshotAt(frozenWorld, alone, SECOND)
    const expected = await rowsOfRun(alone)
    const outcomes = await overtakeAtEveryWrite(
      frozenWorld,
      beforeItIsSent,
      (defender) => defender,
      async (run) => expect(await rowsOfRun(run)).toEqual(expected),
    )
    expect(outcomes.length).toBeGreaterThan(20)
    // The first is the one that takes the lease.
    expect(new Set(outcomes)).toEqual(new Set(['late busy', 'late LeaseLostError']))
  })

  it('is not sent though Defender gave the other worker other answers', { timeout: 120_000 }, async () => {
    expect((await overtakeAtEveryWrite(await startWorld(), beforeItIsSent, missingAnother, isConsistent)).length).toBeGreaterThan(20)
  })

  it('changes nothing when it is a commit that arrives after another worker has gone on', { timeout: 120_000 }, async () => {
    const outcomes = await overtakeAtEveryWrite(await startWorld(), commitOnItsWay, missingAnother, isConsistent)
    expect(outcomes.length).toBeGreaterThan(3)
    expect(new Set(outcomes)).toEqual(new Set(['late LeaseLostError']))
  })
})
