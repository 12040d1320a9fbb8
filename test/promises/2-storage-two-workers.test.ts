import { describe, expect, it } from 'vitest'
import { draw, drawBetween } from '../../dev/simulator/draw.ts'
import type { Behaviour } from '../../dev/table-service/index.ts'
import type { DefenderClient } from '../../src/defender/index.ts'
import { openStore, snapshotIdOf } from '../../src/store/index.ts'
import { tick } from '../../src/sync/index.ts'
import { expectConsistent } from '../support/consistency.ts'
import { CALM, DISTURBANCES, RETRY_AT_ONCE } from '../support/disturbances.ts'
import { begin, type FrozenWorld, type Run, snapshotAt, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import { HangingWrite } from '../support/hanging-write.ts'
import { STORE_OPTIONS } from '../support/stores.ts'
import { openClient } from '../support/table-services.ts'
import { type Storm, Throttling } from '../support/throttling.ts'
import { LOOKS, rowsOfRun } from '../support/two-looks.ts'
import { type Outcome, Worker } from '../support/worker.ts'
import { MINUTE, takeSnapshot } from '../support/world.ts'

const SEED = 5
const STORM: Storm = { fault: 'serverBusyInside', minutes: 5, passes: 0 }

/** In the middle of a snapshot's 40 or so. */
const REQUESTS_BEFORE_STORM = 20

interface Disturbance {
  behaviour: Partial<Behaviour>
  storm?: Storm
}

const ALL: Record<string, Disturbance> = {
  ...Object.fromEntries(Object.entries(DISTURBANCES).map(([name, behaviour]) => [name, { behaviour }])),
  'that throttles for minutes': { behaviour: RETRY_AT_ONCE, storm: STORM },
}

interface Scene {
  frozenWorld: FrozenWorld
  throttling: Throttling
}

async function takeAlone({ frozenWorld }: Scene) {
  const run = await startRun(frozenWorld, 'alone')
  const worker = await Worker.start(frozenWorld, run)
  for (const look of LOOKS) {
    await begin(frozenWorld, run, look)
    await worker.outlast({ pause: () => run.clock.advance(MINUTE) })
  }
  return rowsOfRun(run)
}

/** Two workers tick for one tenant, each at its own pace and on one clock. */
async function takeTogether({ frozenWorld, throttling }: Scene, { behaviour, storm }: Disturbance, areKilled: boolean) {
  const run = await startRun(frozenWorld, 'together')
  const workers = await Promise.all(['a', 'b'].map(async (name) => ({ name, worker: await Worker.start(frozenWorld, run) })))
  const outcomes: Outcome[] = []
  for (const [look, at] of LOOKS.entries()) {
    await begin(frozenWorld, run, at)
    frozenWorld.world.disturbTables(behaviour)
    if (storm) throttling.beginAfter(REQUESTS_BEFORE_STORM, storm, run.clock)
    const each = workers.map(({ name, worker }) => worker.outlast({
      diesAt: (ticks) => (areKilled ? Math.floor(drawBetween(10, 160, SEED, look, name, ticks, 'life')) : Infinity),
      // Now and then longer than a lease: then the slice that the other worker is at is overtaken.
      pause: (ticks) => run.clock.advance(draw(SEED, look, name, ticks, 'pause') < 0.1 ? 2 * MINUTE : 100),
    }))
    outcomes.push(...(await Promise.all(each)).flat())
    frozenWorld.world.disturbTables(CALM)
  }
  return { rows: await rowsOfRun(run), outcomes }
}

/** Two workers that never met would say little. */
function expectContention(outcomes: readonly Outcome[], { storm }: Disturbance, areKilled: boolean): void {
  const names = new Set(outcomes.map((outcome) => (outcome.kind === 'failed' && outcome.error instanceof Error ? outcome.error.name : outcome.kind)))
  const expected = ['busy', 'LeaseLostError', ...(areKilled ? ['killed'] : []), ...(storm ? ['RestError'] : [])]
  expect([...names]).toEqual(expect.arrayContaining(expected))
}

describe('two workers at once, over a table service', () => {
  for (const [name, disturbance] of Object.entries(ALL)) {
    for (const areKilled of [false, true]) {
      it(`${name}${areKilled ? ', and killed again and again,' : ','} leave the rows that one leaves alone and in peace`, { timeout: 300_000 }, async () => {
        const throttling = new Throttling()
        const frozenWorld = await startFrozenWorld({ machines: 15, seed: 18, tables: 'tableService', script: throttling.script })
        const alone = await takeAlone({ frozenWorld, throttling })
        const { rows, outcomes } = await takeTogether({ frozenWorld, throttling }, disturbance, areKilled)
        expectContention(outcomes, disturbance, areKilled)
        expect(rows).toEqual(alone)
      })
    }
  }
})

/** Says of every machine that it misses this one KB: what guards a machine's intervals is written only when they change. */
function missingAnother(defender: DefenderClient): DefenderClient {
  const another = { kbId: '6000000', kbName: null, productsNames: ['windows_11'], url: null, cveAddressed: 1, machineMissedOn: 1, osBuild: null }
  return {
    ...defender,
    missingKbs: async (...args) => {
      const answer = await defender.missingKbs(...args)
      return answer.kind === 'observed' ? { ...answer, kbs: [another] } : answer
    },
  }
}

/** One worker's commit is on its way until its lease is over and another has taken the snapshot to its end; what the late one came to. */
async function overtake(frozenWorld: FrozenWorld, run: Run, commit: HangingWrite): Promise<string> {
  const { services, clock } = run
  const { tablePrefix } = services.config.storage
  const openTable = (name: string) => openClient(frozenWorld.world.connectionString, name, STORE_OPTIONS)
  const store = openStore((name) => (name.endsWith('missingkbs') ? commit.table(openTable(name)) : openTable(name)), tablePrefix)
  const late = tick({ ...services, store }).then(({ kind }) => kind, (error: unknown) => (error instanceof Error ? error.name : String(error)))
  if ((await Promise.race([late, commit.hangs])) === 'hangs') {
    clock.advance(2 * MINUTE)
    const other = await frozenWorld.world.another({ environment: { TABLE_PREFIX: tablePrefix }, clock })
    await takeSnapshot({ ...other, defender: missingAnother(other.defender) }, clock)
    commit.arrive()
  }
  return late
}

describe('a worker that is overtaken while a commit of its is on its way', () => {
  it('changes nothing any more, though Defender gave the other one other answers', { timeout: 300_000 }, async () => {
    const frozenWorld = await startFrozenWorld({ machines: 15, seed: 18, tables: 'tableService' })
    const [first = 0, second = 0] = LOOKS
    const outcomes: string[] = []
    for (let number = 1; outcomes.at(-1) !== 'ended'; number++) {
      const run = await startRun(frozenWorld, `commit${number}`)
      await snapshotAt(frozenWorld, run, first)
      await begin(frozenWorld, run, second)
      outcomes.push(await overtake(frozenWorld, run, new HangingWrite(number)))
      await expectConsistent(run.services, LOOKS.map((at) => snapshotIdOf(new Date(at))))
    }
    // The last had no such commit to make.
    expect(outcomes.length).toBeGreaterThan(5)
    expect(new Set(outcomes.slice(0, -1))).toEqual(new Set(['LeaseLostError']))
  })
})
