import { app } from '@azure/functions'
import { snapshotsRoute, serve } from '../src/http/index.ts'
import { openProgram } from '../src/program.ts'

app.http(snapshotsRoute.name, {
  route: snapshotsRoute.path,
  methods: ['GET', 'HEAD'],
  authLevel: 'function',
  handler: serve(snapshotsRoute, openProgram),
})
