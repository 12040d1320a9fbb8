import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import { type DemoRun, newestSnapshot } from './demo-run.ts'
import { nextDemoStart, SIMULATED_MINUTE } from './demo-time.ts'
import { pause } from './interruption.ts'
import { isEnded } from './snapshot-row.ts'
import { takeSnapshot } from './take-snapshot.ts'
import { printSuggestions, suggestions } from './try-it.ts'

/** How often it is looked whether a snapshot was asked for, and how long a tick of one lasts at least: slow enough to be watched. */
const REAL_SECOND = 1_000

/**
 * Serves until it is interrupted. The simulated clock goes on like a real one and the timer ticks with it, except that a snapshot that is
 * asked for begins at once and gets a simulated minute every second.
 */
export async function keepServing(run: DemoRun, snapshots: readonly SnapshotShape[]): Promise<never> {
  const { terminal, clock } = run
  const weekLater = { now: new Date(nextDemoStart(clock.now())).toISOString().replace('.000Z', 'Z') }
  printSuggestions(terminal, [
    ...suggestions(run.url, snapshots[0]?.startedAt ?? ''),
    {
      about: 'let a week pass in the simulated world: the next snapshot falls due',
      command: `curl -X POST ${run.simulator.url}/simulator/now -d '${JSON.stringify(weekLater)}'`,
    },
  ])
  terminal.print('', 'Serving until Ctrl+C. Snapshots show here as they are taken.')
  for (let lastTickAt = clock.now(); ;) {
    await pause(REAL_SECOND, run.signal)
    clock.advance(REAL_SECOND)
    const newest = await newestSnapshot(run.api)
    const isDue = nextDemoStart(lastTickAt) <= clock.now()
    if (isDue || (newest && !isEnded(newest))) await takeSnapshot(run, () => pause(REAL_SECOND, run.signal))
    else if (clock.now() - lastTickAt < SIMULATED_MINUTE) continue
    else await run.app.runTimer('tick')
    lastTickAt = clock.now()
  }
}
