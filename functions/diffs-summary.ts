import { app } from '@azure/functions'
import { diffsSummaryRoute, serve } from '../src/http/index.ts'
import { openProgram } from '../src/program.ts'

app.http(diffsSummaryRoute.name, {
  route: diffsSummaryRoute.path,
  methods: ['GET', 'HEAD'],
  authLevel: 'function',
  handler: serve(diffsSummaryRoute, openProgram),
})
