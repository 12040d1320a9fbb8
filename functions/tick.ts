import { app, output } from '@azure/functions'
import { readsManyTenants } from '../src/config/index.ts'
import { openProgram } from '../src/program.ts'
import { runTick, SLICE_QUEUE } from '../src/sync/index.ts'

// Every minute. No retry policy: the next tick is the retry, and one that was killed is fired again by the host.
app.timer('tick', {
  schedule: '0 * * * * *',
  handler: async () => runTick(openProgram()),
  ...(readsManyTenants(process.env) && { return: output.storageQueue(SLICE_QUEUE) }),
})
