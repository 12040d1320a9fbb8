import { beforeAll, describe, expect, it } from 'vitest'
import type { Rows } from '../../dev/comparable-rows.ts'
import { draw, drawBetween } from '../../dev/simulator/draw.ts'
import type { Behaviour } from '../../dev/table-service/index.ts'
import { CALM, DISTURBANCES, RETRY_AT_ONCE } from '../support/disturbances.ts'
import { begin, type FrozenWorld, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import { sharing } from '../support/sharing.ts'
import { type Storm, Throttling } from '../support/throttling.ts'
import { LOOKS, rowsOfRun } from '../support/two-looks.ts'
import { type Outcome, Worker } from '../support/worker.ts'
import { MINUTE } from '../support/world.ts'

const SEED = 5
const STORM: Storm = { fault: 'serverBusyInside', minutes: 5, passes: 0 }

/** In the first half of a snapshot's 90 to 105. */
const REQUESTS_BEFORE_STORM = 20

/** Points of a process that is killed, which has two a request: about those of a whole snapshot. What is counted at its end needs one life. */
const LONGEST_LIFE = 240

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

async function takeAlone({ frozenWorld }: Scene): Promise<Rows> {
  const run = await startRun(frozenWorld, 'alone')
  const worker = await Worker.start(frozenWorld, run)
  for (const look of LOOKS) {
    await begin(frozenWorld, run, look)
    await worker.outlast({ pause: () => run.clock.advance(MINUTE) })
  }
  return rowsOfRun(run)
}

/** Two workers tick for one tenant, each at its own pace and on one clock. */
async function takeTogether({ frozenWorld, throttling }: Scene, prefix: string, { behaviour, storm }: Disturbance, areKilled: boolean) {
  const run = await startRun(frozenWorld, prefix)
  const workers = await Promise.all(['a', 'b'].map(async (name) => ({ name, worker: await Worker.start(frozenWorld, run) })))
  const outcomes: Outcome[] = []
  for (const [look, at] of LOOKS.entries()) {
    await begin(frozenWorld, run, at)
    frozenWorld.world.disturbTables(behaviour)
    if (storm) throttling.beginAfter(REQUESTS_BEFORE_STORM, storm, run.clock)
    const each = workers.map(({ name, worker }) =>
      worker.outlast({
        diesAt: (ticks) => (areKilled ? Math.floor(drawBetween(10, LONGEST_LIFE, SEED, look, name, ticks, 'life')) : Infinity),
        // Now and then longer than a lease: then the slice that the other worker is at is overtaken.
        pause: (ticks) => run.clock.advance(draw(SEED, look, name, ticks, 'pause') < 0.1 ? 2 * MINUTE : 100),
      }),
    )
    outcomes.push(...(await Promise.all(each)).flat())
    frozenWorld.world.disturbTables(CALM)
  }
  return { rows: await rowsOfRun(run), outcomes }
}

/** Two workers that never met would say little. */
function expectContention(outcomes: readonly Outcome[], { storm }: Disturbance, areKilled: boolean): void {
  const names = new Set(
    outcomes.map((outcome) => (outcome.kind === 'failed' && outcome.error instanceof Error ? outcome.error.name : outcome.kind)),
  )
  const expected = ['busy', 'LeaseLostError', ...(areKilled ? ['killed'] : []), ...(storm ? ['RestError'] : [])]
  expect([...names]).toEqual(expect.arrayContaining(expected))
}

describe('two workers at once, over a table service', () => {
  let scene: Scene
  let alone: Rows
  beforeAll(() =>
    sharing(async (atEnd) => {
      const throttling = new Throttling()
      const frozenWorld = await startFrozenWorld({ machines: 15, seed: 18, tables: 'tableService', script: throttling.script, atEnd })
      scene = { frozenWorld, throttling }
      alone = await takeAlone(scene)
    }),
  )

  for (const [number, [name, disturbance]] of Object.entries(ALL).entries()) {
    for (const areKilled of [false, true]) {
      it(
        `${name}${areKilled ? ', and killed again and again,' : ','} leave the rows that one leaves alone and in peace`,
        { timeout: 300_000 },
        async () => {
          const { rows, outcomes } = await takeTogether(scene, `together${number}${areKilled}`, disturbance, areKilled)
          expectContention(outcomes, disturbance, areKilled)
          expect(rows).toEqual(alone)
        },
      )
    }
  }
})
