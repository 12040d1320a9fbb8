import { app } from '@azure/functions'
import { diffsRoute, serve } from '../src/http/index.ts'
import { openProgram } from '../src/program.ts'

app.http(diffsRoute.name, {
  route: diffsRoute.path,
  methods: ['GET', 'HEAD'],
  authLevel: 'function',
  handler: serve(diffsRoute, openProgram),
})
