import { app } from '@azure/functions'
import { healthRoute, serve } from '../src/http/index.ts'
import { openProgram } from '../src/program.ts'

app.http(healthRoute.name, {
  route: healthRoute.path,
  methods: ['GET', 'HEAD'],
  authLevel: 'anonymous',
  handler: serve(healthRoute, openProgram),
})
