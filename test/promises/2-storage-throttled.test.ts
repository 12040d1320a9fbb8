import { beforeAll, describe, expect, it } from 'vitest'
import { snapshotIdOf } from '../../src/domain/index.ts'
import { expectConsistent } from '../support/consistency.ts'
import { RETRY_AT_ONCE } from '../support/disturbances.ts'
import { begin, type FrozenWorld, type Run, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import type { Rows } from '../../dev/comparable-rows.ts'
import { type AtEnd, sharing } from '../support/sharing.ts'
import { STORE_OPTIONS } from '../support/stores.ts'
import { type Storm, Throttling } from '../support/throttling.ts'
import { expectEverythingHappens, LOOKS, rowsOfRun, setFaultsOf, TABLES } from '../support/two-looks.ts'
import { type Outcome, Worker } from '../support/worker.ts'
import { MINUTE } from '../support/world.ts'

/** `from`: the parts of a snapshot's way at which it begins, in the middle of whatever is being done. */
type StormFrom = Storm & { from: number[] }

const STORMS: Record<string, StormFrom> = {
  'refuses every request for five minutes': { fault: 'serverBusy', minutes: 5, passes: 0, from: [0, 0.4, 0.8] },
  'refuses every request for five minutes, transactions within their answers': {
    fault: 'serverBusyInside',
    minutes: 5,
    passes: 0,
    from: [0.3, 0.7],
  },
  'lets one request in eight through for ten minutes': { fault: 'serverBusyInside', minutes: 10, passes: 1 / 8, from: [0.1, 0.5] },
  ...Object.fromEntries(
    TABLES.map((table): [string, StormFrom] => [
      `refuses all to do with ${table} for three minutes`,
      { fault: 'serverBusyInside', minutes: 3, passes: 0, table, from: [0] },
    ]),
  ),
}

interface Scene {
  frozenWorld: FrozenWorld
  throttling: Throttling
  /** Of each look without a storm: all rows after it, and how many requests it took. */
  calm: { rows: Rows; requests: number }[]
}

async function setScene(atEnd: AtEnd): Promise<Scene> {
  const throttling = new Throttling()
  const frozenWorld = await startFrozenWorld({ machines: 18, seed: 18, tables: 'tableService', script: throttling.script, atEnd })
  frozenWorld.world.disturbTables(RETRY_AT_ONCE)
  const run = await startRun(frozenWorld, 'calm')
  const worker = await Worker.start(frozenWorld, run)
  const calm: Scene['calm'] = []
  for (const [look, at] of LOOKS.entries()) {
    setFaultsOf(look, frozenWorld.world)
    await begin(frozenWorld, run, at)
    const before = throttling.requests
    await worker.outlast({ pause: () => run.clock.advance(MINUTE) })
    const requests = throttling.requests - before
    calm.push({ rows: await rowsOfRun(run), requests })
  }
  expectEverythingHappens([...(calm.at(-1)?.rows.values() ?? [])])
  return { frozenWorld, throttling, calm }
}

interface Look {
  look: number
  storm: Storm
  from: number
  /** What else happens while the storm is on. */
  meanwhile: () => Promise<void> | void
}

/** What the ticks of a look through a storm came to, and how many requests each saw refused. */
async function takeThrough({ frozenWorld, throttling, calm }: Scene, run: Run, { look, storm, from, meanwhile }: Look) {
  const worker = await Worker.start(frozenWorld, run)
  const refused: number[] = []
  setFaultsOf(look, frozenWorld.world)
  await begin(frozenWorld, run, LOOKS[look] ?? 0)
  throttling.beginAfter(Math.floor(from * (calm[look]?.requests ?? 0)), storm, run.clock)
  const pause = async () => {
    refused.push(throttling.takeRefused())
    if (throttling.isOn) await throttling.spare(async () => meanwhile())
    run.clock.advance(MINUTE)
  }
  return { outcomes: await worker.outlast({ pause }), refused }
}

/** What counts up while a snapshot is taken, or is a note to the next slice. */
const IN_PROGRESS = new Set(['retryInSnapshotId', 'machinesMissing', 'machinesOverdue', 'outcomes'])

/** Every value is the one from before the look or the one from after it; a snapshot that says that it runs says nothing else yet. */
function expectNothingFalse(rows: Rows, before: Rows | undefined, after: Rows | undefined): void {
  for (const [key, row] of rows) {
    if (row.status === 'running') continue
    for (const [name, value] of Object.entries(row)) {
      if (!IN_PROGRESS.has(name)) expect([before?.get(key)?.[name], after?.get(key)?.[name]], `${name} of ${key}`).toContainEqual(value)
    }
  }
}

/** What the first operation of a tick costs before it gives up. */
const ATTEMPTS = STORE_OPTIONS.retryOptions.maxRetries + 1

/** Ticks give up over the busy service and nothing else; where nothing at all gets through, each with its first operation. */
function expectCleanFailures(outcomes: readonly Outcome[], refused: readonly number[], { minutes, passes, table }: Storm): void {
  const failed = outcomes.filter((outcome) => outcome.kind === 'failed')
  expect(failed.length).toBeGreaterThan(0)
  for (const { error } of failed) expect(error).toMatchObject({ statusCode: 503 })
  if (passes > 0 || table !== undefined) return
  expect(outcomes.map(({ kind }) => kind)).toEqual([...Array<string>(minutes).fill('failed'), 'ended'])
  expect(refused.slice(1)).toEqual(Array(minutes - 1).fill(ATTEMPTS))
}

describe('a snapshot over a table service that throttles for minutes', () => {
  let scene: Scene
  beforeAll(() => sharing(async (atEnd) => void (scene = await setScene(atEnd))))

  for (const [number, [name, { from: starts, ...storm }]] of Object.entries(STORMS).entries()) {
    it(`ends with the rows of an undisturbed one when it ${name}`, { timeout: 300_000 }, async () => {
      for (const [index, from] of starts.entries()) {
        const prefix = `storm${number}x${index}`
        const run = await startRun(scene.frozenWorld, prefix)
        for (const look of LOOKS.keys()) {
          const meanwhile = async () => expectNothingFalse(await rowsOfRun(run), scene.calm[look - 1]?.rows, scene.calm[look]?.rows)
          const its = { ...storm, ...(storm.table && { table: `${prefix}${storm.table}` }) }
          const { outcomes, refused } = await takeThrough(scene, run, { look, storm: its, from, meanwhile })
          expectCleanFailures(outcomes, refused, storm)
        }
        expect(await rowsOfRun(run), `throttled from ${from} of the way on`).toEqual(scene.calm.at(-1)?.rows)
      }
    })
  }

  it(
    'keeps intervals, changes and machines of one mind when Defender has gone back to what it said before',
    { timeout: 300_000 },
    async () => {
      const storm: Storm = { fault: 'serverBusy', minutes: 3, passes: 0 }
      for (const [index, from] of [0.3, 0.4, 0.5].entries()) {
        const run = await startRun(scene.frozenWorld, `back${index}`)
        for (const look of LOOKS.keys()) {
          await takeThrough(scene, run, { look, storm, from, meanwhile: () => void (scene.frozenWorld.frozen.at = LOOKS[0] ?? 0) })
        }
        await expectConsistent(
          run.services,
          LOOKS.map((at) => snapshotIdOf(at)),
        )
      }
    },
  )
})
