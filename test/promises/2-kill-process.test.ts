import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build as bundle } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openTenant } from '../../src/open-tenant.ts'
import { build } from '../../dev/build.mjs'
import { draw } from '../../dev/simulator/draw.ts'
import { begin, type FrozenWorld, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import { comparableRows } from '../../dev/comparable-rows.ts'
import { expectEverythingHappens, LOOKS, setFaultsOf, TABLES } from '../support/two-looks.ts'
import { MINUTE, openTablesOf } from '../support/world.ts'

/** Kills in the middle of a slice: those between two prove little. */
const KILLS = 12
/** With more, the simulated hour of a token would be over before the snapshot is. */
const MOST_KILLS_OF_A_LOOK = 12
const SEED = 11

const folder = mkdtempSync(join(tmpdir(), 'patchtrail-kill-'))
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const processPath = join(folder, 'ticking-process.mjs')

/** The app as it is deployed, in a folder of its own, and the process that runs it, in one file, so that it starts quickly. */
beforeAll(async () => {
  await build({ outdir: join(folder, 'dist') })
  copyFileSync(path('../../host.json'), join(folder, 'host.json'))
  const banner = { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" }
  await bundle({
    entryPoints: [path('../support/ticking-process.ts')],
    outfile: processPath,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.18',
    banner,
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

type Run = Awaited<ReturnType<typeof startRun>>

/** Starts a process that takes the active snapshot to its end; resolves when it is about to begin. */
async function spawn({ world }: FrozenWorld, prefix: string, startAt: number): Promise<ChildProcess> {
  // 20 calls a minute, so that a snapshot takes several slices.
  const settings = { ...world.environment, ...world.simulator.environment, TABLE_PREFIX: prefix, SYNC_CALLS_PER_MINUTE: '20' }
  const child = fork(processPath, [join(folder, 'dist', 'main.js'), String(startAt)], {
    env: { ...process.env, ...settings },
    execArgv: [],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child, 'message')
  return child
}

async function exitOf(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode ?? child.signalCode
}

/** Takes the active snapshot to its end in one process; how long (ms) that took. */
async function live(frozenWorld: FrozenWorld, prefix: string, startAt: number): Promise<number> {
  const child = await spawn(frozenWorld, prefix, startAt)
  const startedAt = performance.now()
  expect(await exitOf(child)).toBe(0)
  return performance.now() - startedAt
}

/** Lets a process work for a while and kills it, unless it ended before. */
async function liveAndDie(frozenWorld: FrozenWorld, prefix: string, startAt: number, milliseconds: number): Promise<'killed' | 'ended'> {
  const child = await spawn(frozenWorld, prefix, startAt)
  await Promise.race([sleep(milliseconds), exitOf(child)])
  child.kill('SIGKILL')
  const exit = await exitOf(child)
  expect([0, 'SIGKILL']).toContain(exit)
  return exit === 0 ? 'ended' : 'killed'
}

const rowsOf = async (run: Run, prefix: string) => {
  const openTable = openTablesOf(run.services)
  return comparableRows((name) => openTable(`${prefix}${name}`), TABLES)
}

async function undisturbed(frozenWorld: FrozenWorld) {
  const run = await startRun(frozenWorld, 'undisturbed')
  const milliseconds: number[] = []
  for (const [look, at] of LOOKS.entries()) {
    setFaultsOf(look, frozenWorld.world)
    await begin(frozenWorld, run, at)
    milliseconds.push(await live(frozenWorld, 'undisturbed', run.clock.now()))
  }
  return { rows: await rowsOf(run, 'undisturbed'), milliseconds }
}

/** Whether the last process died with the tenant in its hands. */
async function diedInSlice({ services }: Run): Promise<boolean> {
  const read = await openTenant(services).store.tenant.get()
  return read?.tenant.sliceOpen === true && read.tenant.leaseOwner !== null
}

/** Takes the two snapshots, each in one life after another; counts the kills that hit a slice. */
async function disturbed(frozenWorld: FrozenWorld, prefix: string, milliseconds: readonly number[]) {
  const run = await startRun(frozenWorld, prefix)
  let kills = 0
  for (const [look, at] of LOOKS.entries()) {
    setFaultsOf(look, frozenWorld.world)
    await begin(frozenWorld, run, at)
    let life: 'killed' | 'ended' = 'killed'
    for (let attempt = 0; attempt < MOST_KILLS_OF_A_LOOK && life === 'killed'; attempt++) {
      // Short lives, so that a snapshot sees many of them; each gets a little further than the ones before.
      const delay = draw(SEED, prefix, look, attempt) * (milliseconds[look] ?? 0) * 0.6
      life = await liveAndDie(frozenWorld, prefix, run.clock.now(), delay)
      if (life === 'killed' && (await diedInSlice(run))) kills++
      // The dead one's lease runs out: it lasts 90 s from its last renewal, which pauses may have put off.
      run.clock.advance(3 * MINUTE)
    }
    if (life === 'killed') await live(frozenWorld, prefix, run.clock.now())
  }
  return { rows: await rowsOf(run, prefix), kills }
}

describe('promise 2: kill anywhere, resume, same result', () => {
  it('holds for a real process that is killed again and again at random moments', { timeout: 600_000 }, async () => {
    const frozenWorld = await startFrozenWorld({ machines: 60, seed: 18 })
    const expected = await undisturbed(frozenWorld)
    expectEverythingHappens([...expected.rows.values()])
    let kills = 0
    for (let round = 0; kills < KILLS; round++) {
      const run = await disturbed(frozenWorld, `round${round}`, expected.milliseconds)
      expect(run.rows, `round ${round}`).toEqual(expected.rows)
      kills += run.kills
    }
  })
})
