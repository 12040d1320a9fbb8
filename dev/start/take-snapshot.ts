import { snapshotSchema, type SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import { type DemoRun, newestSnapshot } from './demo-run.ts'
import { begins, isEnded, snapshotRow } from './snapshot-row.ts'
import { SIMULATED_MINUTE } from './demo-time.ts'

/** No fleet that the options allow needs more: 100,000 machines at 1,500 calls an hour take 4,000 minutes. */
const mostTicks = 20_000

/**
 * Runs the timer once a simulated minute until the snapshot that is due, or active, has ended; draws it as it goes. `pace` is waited for
 * between two ticks, in real time.
 */
export async function takeSnapshot(run: DemoRun, pace: () => Promise<void> = async () => undefined): Promise<SnapshotShape> {
  run.terminal.draw(snapshotRow(begins(run.clock.now()), run.terminal))
  await run.app.runTimer('tick')
  const { snapshotId = '' } = (await newestSnapshot(run.api)) ?? {}
  for (let ticks = 1; ticks <= mostTicks; ticks++) {
    const snapshot = await run.api.get(`/api/snapshots/${snapshotId}`, snapshotSchema)
    const row = snapshotRow(snapshot, run.terminal)
    if (isEnded(snapshot)) {
      run.terminal.print(row)
      return snapshot
    }
    run.terminal.draw(row)
    await pace()
    run.signal.throwIfAborted()
    run.clock.set(nextMinute(run.clock.now()))
    await run.app.runTimer('tick')
  }
  throw new Error(`The snapshot ${snapshotId} has not ended after ${mostTicks} ticks.`)
}

const nextMinute = (now: number): number => (Math.floor(now / SIMULATED_MINUTE) + 1) * SIMULATED_MINUTE
