import { z } from 'zod'
import { localTime } from '../../src/defender/budget/index.ts'
import type { Outside } from '../../src/outside.ts'
import { loadFunctionApp } from '../host/index.ts'
import { simulatedClock } from '../simulated-clock.ts'
import { quietLog } from '../quiet-log.ts'

// The program as a process of its own, to be killed: it serves the registered functions, and runs the timer when it is told to, at the
// time (ms) that it is told. Settings come from the environment, as in Azure.

const order = z.object({ at: z.number(), tick: z.boolean() })

// The channel closes when whoever started it ends, however it does.
process.on('disconnect', () => process.exit(1))

const clock = simulatedClock(0)
const app = await loadFunctionApp({ main: new URL('../../functions/index.ts', import.meta.url).href, log: () => undefined })
const useOutside = app.exports['useOutside'] as (parts: Partial<Outside>) => void
useOutside({ clock, budgetTime: localTime(clock), random: () => 0.5, log: quietLog })
const { url } = await app.listen({ port: 0 })

process.on('message', (message) => {
  const { at, tick } = order.parse(message)
  clock.set(Math.max(at, clock.now()))
  const done = tick ? app.runTimer('tick') : Promise.resolve()
  void done.then(() => process.send?.({ now: clock.now() }))
})
process.send?.({ url })
