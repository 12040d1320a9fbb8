import { app } from '@azure/functions'
import { syncRoute, serve } from '../src/http/index.ts'
import { openProgram } from '../src/program.ts'

app.http(syncRoute.name, {
  route: syncRoute.path,
  methods: ['POST'],
  authLevel: 'function',
  handler: serve(syncRoute, openProgram),
})
