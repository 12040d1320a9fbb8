import { z } from 'zod'
import { loadFunctionApp } from '../../dev/host/index.ts'
import { simulatedClock } from '../../dev/simulated-clock.ts'
import { localTime } from '../../src/defender/budget/index.ts'
import type { Outside } from '../../src/outside.ts'
import { quietLog } from '../../dev/quiet-log.ts'

// A process of its own, to be killed: loads the built app, says `ready`, and ticks once a simulated minute until no snapshot is active.
// Arguments: the app's entry, and the simulated time (ms) at which it starts. Settings come from the environment, as in Azure.

const MINUTE = 60_000
const [main = '', startAt = ''] = process.argv.slice(2)

// The channel closes when the test ends, however it does.
process.on('disconnect', () => process.exit(1))

const clock = simulatedClock(Number(startAt))
const app = await loadFunctionApp({ main })
const useOutside = app.exports['useOutside'] as (parts: Partial<Outside>) => void
useOutside({ clock, budgetTime: localTime(clock), random: () => 0.5, log: quietLog })

process.send?.('ready')
do {
  await app.runTimer('tick')
  clock.advance(MINUTE)
} while (await isActive())
process.exit(0)

async function isActive(): Promise<boolean> {
  const { body } = await app.invokeHttp({ method: 'GET', url: '/api/snapshots?limit=1' })
  const { snapshots } = z.object({ snapshots: z.array(z.object({ status: z.string() })) }).parse(JSON.parse(body.toString()))
  return snapshots.some(({ status }) => status === 'pending' || status === 'running')
}
