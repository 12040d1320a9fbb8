import { join } from 'node:path'
import { localTime } from '../../src/defender/budget/index.ts'
import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import { startAzurite } from '../azurite.ts'
import { startCatalogue } from '../catalogue/index.ts'
import { simulatedClock } from '../simulated-clock.ts'
import { startSimulator } from '../simulator/index.ts'
import { root, serveApp } from './app.ts'
import { isolatedEnvironment, replaceEnvironment } from './app-environment.ts'
import { type DemoRun, takeSnapshot, takeSnapshotOfWeek } from './demo-snapshot.ts'
import { curlOf, printAddresses, printSuggestions, suggestions } from './guide.ts'
import type { DemoOptions } from './options.ts'
import { UPGRADED_SHARE } from './outage.ts'
import { readPublicFacts } from './public-facts.ts'
import { report } from './report.ts'
import type { Session } from './session.ts'
import { isEnded, snapshotHeader } from './snapshot-row.ts'
import { counted } from './text.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const WEEK = 7 * 24 * 60 * MINUTE

/** Mondays at 02:00. The second snapshot after the first sees a Patch Tuesday, and so does the eighth. */
const SCHEDULE = '0 0 2 * * 1'

/** The first of the Mondays for which the simulated fleet has a story to tell. */
const FIRST_START = Date.parse('2026-03-02T02:00:00Z')

const hourOf = (ms: number): number => Math.floor(ms / (60 * MINUTE))

/** The first scheduled start after an instant (ms). */
const nextStart = (after: number): number => FIRST_START + Math.max(0, Math.floor((after - FIRST_START) / WEEK) + 1) * WEEK

/** Takes the weekly snapshots of a simulated fleet, shows what they hold, and serves the API. Resolves to the exit code. */
export async function runDemo(options: DemoOptions, session: Session): Promise<number> {
  const { terminal } = session
  const run = await startDemo(options, session)
  terminal.print(snapshotHeader(terminal))
  const snapshots: SnapshotShape[] = []
  // Before its first tick the app knows no schedule.
  await run.app.runTimer('tick')
  for (let week = 0; week < options.weeks; week++) {
    run.clock.set(nextStart(run.clock.now()))
    snapshots.push(await takeSnapshotOfWeek(run, week))
  }
  await readPublicFacts(run)
  await report({ api: run.api, terminal, snapshots })
  expectWithinQuota(run, snapshots)
  if (!options.once) await keepServing(run, snapshots)
  return 0
}

/** The app, as it would be deployed, between Azurite and a simulated Defender. */
async function startDemo({ machines, seed, port }: DemoOptions, session: Session): Promise<DemoRun> {
  const { terminal } = session
  const clock = simulatedClock(FIRST_START - MINUTE)
  const azurite = await startAzurite()
  session.onClose(() => azurite.close())
  session.throwIfInterrupted()
  const simulator = await startSimulator({
    machines,
    seed,
    upgrades: UPGRADED_SHARE,
    now: () => clock.now(),
    setNow: (time) => clock.set(time),
  })
  session.onClose(() => simulator.close())
  const catalogue = await startCatalogue({ now: () => clock.now() })
  session.onClose(() => catalogue.close())
  const settings = {
    ...simulator.environment,
    ...catalogue.environment,
    DEFENDER_TENANT_ID: simulator.tenantId,
    DEFENDER_API_URL: simulator.url,
    STORAGE_CONNECTION_STRING: azurite.connectionString,
    SYNC_SCHEDULE: SCHEDULE,
  }
  replaceEnvironment(process.env, isolatedEnvironment(process.env, settings))
  const log = join('.patchtrail', 'start.log')
  const outside = { clock, budgetTime: localTime(clock) }
  const served = await serveApp(session, { port, logPath: join(root, log), append: false, outside })
  printAddresses(terminal, served.api.url, `log ${log}`)
  terminal.print('')
  return { ...served, session, clock, simulator }
}

function expectWithinQuota({ simulator, session: { terminal } }: DemoRun, snapshots: readonly SnapshotShape[]): void {
  if (simulator.quotaViolations > 0) throw new Error(`Defender's quota was exceeded ${counted(simulator.quotaViolations, 'time')}.`)
  const calls = snapshots.reduce((sum, { api }) => sum + api.calls, 0)
  terminal.print(
    '',
    `${terminal.paint('green', 'ok')}  ${counted(snapshots.length, 'snapshot')}: every machine was observed, or is unknown for its true cause.`,
    `    ${counted(calls, 'call')}: the quota was never exceeded.`,
  )
}

/**
 * Serves until it is interrupted. The simulated clock goes on like a real one and the timer ticks with it, except that a snapshot that is
 * asked for begins at once and gets a simulated minute every second: slow enough to be watched.
 */
async function keepServing(run: DemoRun, snapshots: readonly SnapshotShape[]): Promise<never> {
  const { app, api, clock, simulator, session } = run
  const weekLater = new Date(nextStart(clock.now())).toISOString().replace('.000Z', 'Z')
  printSuggestions(session.terminal, api.url, [
    ...suggestions(api.url, snapshots[0]?.startedAt ?? ''),
    {
      about: 'let a week pass in the simulated world: the next snapshot falls due',
      command: `${curlOf(process.platform)} -X POST "${simulator.url}/simulator/now?now=${weekLater}"`,
    },
  ])
  session.terminal.print('', 'Serving until Ctrl+C. Snapshots show here as they are taken.')
  for (let lastTickAt = clock.now(); ;) {
    await session.pause(SECOND)
    clock.advance(SECOND)
    const [newest] = await api.newestSnapshots(1)
    const isDue = nextStart(lastTickAt) <= clock.now()
    if (isDue || (newest && !isEnded(newest))) await takeSnapshot(run, { pauseMs: SECOND })
    else if (clock.now() - lastTickAt < MINUTE) continue
    else await app.runTimer('tick')
    if (hourOf(clock.now()) > hourOf(lastTickAt)) await readPublicFacts(run)
    lastTickAt = clock.now()
  }
}
