import { app } from '@azure/functions'
import { readsManyTenants } from '../src/config/index.ts'
import { openProgram } from '../src/program.ts'
import { runSliceMessage, SLICE_QUEUE } from '../src/sync/index.ts'

// An app that reads one tenant takes its slices in the timer's process, and has no queue.
if (readsManyTenants(process.env))
  app.storageQueue('slice', { ...SLICE_QUEUE, handler: async (message) => runSliceMessage(openProgram(), message) })
