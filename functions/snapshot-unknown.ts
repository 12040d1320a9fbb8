import { app } from '@azure/functions'
import { snapshotUnknownRoute, serve } from '../src/http/index.ts'
import { openProgram } from '../src/program.ts'

app.http(snapshotUnknownRoute.name, {
  route: snapshotUnknownRoute.path,
  methods: ['GET', 'HEAD'],
  authLevel: 'function',
  handler: serve(snapshotUnknownRoute, openProgram),
})
