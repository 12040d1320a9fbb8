import { machinesRoute } from '../../src/http/routes/machines.ts'
import { snapshotUnknownRoute } from '../../src/http/routes/snapshot-unknown.ts'
import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import type { SimulatedClock } from '../simulated-clock.ts'
import type { Simulator } from '../simulator/index.ts'
import type { ServedApp } from './app.ts'
import { contradictions } from './contradictions.ts'
import { askedAt, faultsOf, NO_OUTAGE, outageOf } from './outage.ts'
import type { Session } from './session.ts'
import { begins, isEnded, snapshotNote, snapshotRow, unknownInWords } from './snapshot-row.ts'

const MINUTE = 60_000

const nextMinute = (now: number): number => (Math.floor(now / MINUTE) + 1) * MINUTE

/** Everything that is running, for the steps of the demo. */
export interface DemoRun extends ServedApp {
  session: Session
  clock: SimulatedClock
  simulator: Simulator
}

/** Takes the snapshot of a week, counted from 0, in which the simulated world may have an outage. Throws where it is not as it must be. */
export async function takeSnapshotOfWeek(run: DemoRun, week: number): Promise<SnapshotShape> {
  const { api, clock, simulator, session } = run
  const askedFirst = askedAt(simulator, clock.now())
  const outage = outageOf(week, askedFirst)
  simulator.setFaults(faultsOf(outage))
  const snapshot = await takeSnapshot(run)
  simulator.setFaults(faultsOf(NO_OUTAGE))
  const { snapshotId } = snapshot
  const unknown = (await api.pages(`/api/snapshots/${snapshotId}/unknown`, snapshotUnknownRoute.responses[200])).flatMap(
    ({ machines }) => machines,
  )
  const machines = (await api.pages('/api/machines?limit=10000', machinesRoute.responses[200])).flatMap((page) => page.machines)
  const observed = new Set(machines.filter((machine) => machine.lastObservedSnapshotId === snapshotId).map(({ machineId }) => machineId))
  const askedLast = new Set(askedAt(simulator, clock.now()))
  const wrong = contradictions({ snapshot, unknown, observed, askedFirst, askedLast, outage })
  if (wrong.length > 0)
    throw new Error(`The snapshot ${snapshotId} is not what the simulated world gave it:\n${wrong.slice(0, 10).join('\n')}`)
  if (unknown.length > 0) session.terminal.print(snapshotNote(snapshot, unknownInWords(unknown), session.terminal))
  return snapshot
}

/** No fleet that the options allow needs more: 100,000 machines at 1,500 calls an hour take 4,000 minutes. */
const MOST_TICKS = 20_000

/**
 * Runs the timer once a simulated minute until the snapshot that is due, or active, has ended; draws it as it goes. Between two ticks as
 * much real time goes by as is asked for.
 */
export async function takeSnapshot({ app, api, clock, session }: DemoRun, { pauseMs = 0 } = {}): Promise<SnapshotShape> {
  const { terminal } = session
  terminal.draw(snapshotRow(begins(clock.now()), terminal))
  await app.runTimer('tick')
  const snapshotId = (await api.newestSnapshots(1))[0]?.snapshotId ?? ''
  for (let ticks = 1; ticks <= MOST_TICKS; ticks++) {
    const snapshot = await api.snapshot(snapshotId)
    const row = snapshotRow(snapshot, terminal)
    if (isEnded(snapshot)) {
      terminal.print(row)
      return snapshot
    }
    terminal.draw(row)
    if (pauseMs > 0) await session.pause(pauseMs)
    session.throwIfInterrupted()
    clock.set(nextMinute(clock.now()))
    await app.runTimer('tick')
  }
  throw new Error(`The snapshot ${snapshotId} has not ended after ${MOST_TICKS} ticks.`)
}
