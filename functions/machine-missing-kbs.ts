import { app } from '@azure/functions'
import { machineMissingKbsRoute, serve } from '../src/http/index.ts'
import { openProgram } from '../src/program.ts'

app.http(machineMissingKbsRoute.name, {
  route: machineMissingKbsRoute.path,
  methods: ['GET', 'HEAD'],
  authLevel: 'function',
  handler: serve(machineMissingKbsRoute, openProgram),
})
