import { app } from '@azure/functions'
import { machinesRoute, serve } from '../src/http/index.ts'
import { openProgram } from '../src/program.ts'

app.http(machinesRoute.name, {
  route: machinesRoute.path,
  methods: ['GET', 'HEAD'],
  authLevel: 'function',
  handler: serve(machinesRoute, openProgram),
})
