import { app } from '@azure/functions'
import { kbsRoute, serve } from '../src/http/index.ts'
import { openProgram } from '../src/program.ts'

app.http(kbsRoute.name, {
  route: kbsRoute.path,
  methods: ['GET', 'HEAD'],
  authLevel: 'function',
  handler: serve(kbsRoute, openProgram),
})
