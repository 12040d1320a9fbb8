import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { localTime } from '../../src/defender/budget/index.ts'
import type { Outside } from '../../src/outside.ts'
import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import { startAzurite } from '../azurite.ts'
import { loadFunctionApp } from '../host/index.ts'
import { simulatedClock } from '../simulated-clock.ts'
import { startSimulator } from '../simulator/index.ts'
import { AnswerError, Api, overHttp, throughHost } from './api.ts'
import { isolatedEnvironment, replaceEnvironment } from './app-environment.ts'
import { openAppLog } from './app-log.ts'
import type { Closing } from './closing.ts'
import type { DemoRun } from './demo-run.ts'
import { DEMO_SCHEDULE, DEMO_START, nextDemoStart } from './demo-time.ts'
import { keepServing } from './keep-serving.ts'
import { listen } from './listen.ts'
import { counted } from './numbers.ts'
import type { DemoOptions } from './options.ts'
import { report } from './report.ts'
import { snapshotHeader } from './snapshot-row.ts'
import { takeSnapshot } from './take-snapshot.ts'
import type { Terminal } from './terminal.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** Takes the weekly snapshots of a simulated fleet, shows what they hold, and serves the API. Resolves to the exit code. */
export async function runDemo(options: DemoOptions, terminal: Terminal, signal: AbortSignal, closing: Closing): Promise<number> {
  const run = await startDemo(options, terminal, signal, closing)
  terminal.print(snapshotHeader(terminal))
  const snapshots: SnapshotShape[] = []
  // Before its first tick the app knows no schedule.
  await run.app.runTimer('tick')
  for (let week = 0; week < options.weeks; week++) {
    run.clock.set(nextDemoStart(run.clock.now()))
    snapshots.push(await takeSnapshot(run))
  }
  await report({ api: new Api(overHttp(run.url)), url: run.url, terminal, snapshots })
  expectFlawless(run, snapshots)
  if (!options.once) await keepServing(run, snapshots)
  return 0
}

/** The app, as it would be deployed, between Azurite and a simulated Defender. */
async function startDemo(options: DemoOptions, terminal: Terminal, signal: AbortSignal, closing: Closing): Promise<DemoRun> {
  const clock = simulatedClock(DEMO_START)
  const now = (): number => clock.now()
  const azurite = await startAzurite()
  closing.add(() => azurite.close())
  signal.throwIfAborted()
  const { machines, seed } = options
  const simulator = await startSimulator({ machines, seed, now, setNow: (time) => clock.set(time) })
  closing.add(() => simulator.close())
  replaceEnvironment(
    process.env,
    isolatedEnvironment(process.env, {
      ...simulator.environment,
      DEFENDER_TENANT_ID: simulator.tenantId,
      DEFENDER_API_URL: simulator.url,
      STORAGE_CONNECTION_STRING: azurite.connectionString,
      SYNC_SCHEDULE: DEMO_SCHEDULE,
    }),
  )
  const appLog = openAppLog(path('../../.patchtrail/start.log'), { append: false, now })
  closing.add(() => appLog.close())
  const app = await loadFunctionApp({ main: path('../../dist/main.js'), log: appLog.hostLog })
  closing.add(() => app.terminate())
  const useOutside = app.exports['useOutside'] as (parts: Partial<Outside>) => void
  useOutside({ clock, budgetTime: localTime(clock), log: appLog.log })
  const { url } = await listen(app, options.port)
  terminal.print(terminal.paint('dim', `  API ${url}/api   log ${join('.patchtrail', 'start.log')}`), '')
  return { app, api: new Api(throughHost(app)), clock, simulator, terminal, signal, url }
}

/** What the demo promises: every snapshot complete, and no quota exceeded. */
function expectFlawless({ simulator, terminal }: DemoRun, snapshots: readonly SnapshotShape[]): void {
  const unfinished = snapshots.filter(({ status }) => status !== 'completed')
  if (unfinished.length > 0)
    throw new AnswerError(
      `${counted(unfinished.length, 'snapshot')} did not complete: ${unfinished.map(({ snapshotId }) => snapshotId).join(', ')}.`,
    )
  const calls = snapshots.reduce((sum, { api }) => sum + api.calls, 0)
  if (simulator.quotaViolations > 0) throw new AnswerError(`Defender's quota was exceeded ${counted(simulator.quotaViolations, 'time')}.`)
  terminal.print(
    '',
    `${terminal.paint('green', 'ok')}  ${counted(snapshots.length, 'snapshot')} completed with ${counted(calls, 'call')}; the quota was never exceeded.`,
  )
}
