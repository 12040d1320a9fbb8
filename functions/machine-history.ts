import { app } from '@azure/functions'
import { machineHistoryRoute, serve } from '../src/http/index.ts'
import { openProgram } from '../src/program.ts'

app.http(machineHistoryRoute.name, {
  route: machineHistoryRoute.path,
  methods: ['GET', 'HEAD'],
  authLevel: 'function',
  handler: serve(machineHistoryRoute, openProgram),
})
