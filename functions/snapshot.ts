import { app } from '@azure/functions'
import { snapshotRoute, serve } from '../src/http/index.ts'
import { openProgram } from '../src/program.ts'

app.http(snapshotRoute.name, {
  route: snapshotRoute.path,
  methods: ['GET', 'HEAD'],
  authLevel: 'function',
  handler: serve(snapshotRoute, openProgram),
})
