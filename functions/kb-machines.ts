import { app } from '@azure/functions'
import { kbMachinesRoute, serve } from '../src/http/index.ts'
import { openProgram } from '../src/program.ts'

app.http(kbMachinesRoute.name, {
  route: kbMachinesRoute.path,
  methods: ['GET', 'HEAD'],
  authLevel: 'function',
  handler: serve(kbMachinesRoute, openProgram),
})
