import { app } from '@azure/functions'
import { readsManyTenants } from '../src/config/index.ts'
import { openProgram } from '../src/program.ts'
import { POISON_QUEUE, tellPoisoned } from '../src/sync/index.ts'

// Nobody looks into a queue: a line in the log can call somebody.
if (readsManyTenants(process.env))
  app.storageQueue('slicePoison', { ...POISON_QUEUE, handler: (message) => tellPoisoned(openProgram(), message) })
