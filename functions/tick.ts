import { app } from '@azure/functions'
import { openProgram } from '../src/program.ts'
import { runTick } from '../src/sync/index.ts'

// Every minute. No retry policy: the next tick is the retry, and one that was killed is fired again by the host.
app.timer('tick', {
  schedule: '0 * * * * *',
  handler: async () => runTick(openProgram()),
})
