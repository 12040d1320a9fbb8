import { app } from '@azure/functions'
import { openapiRoute, serve } from '../src/http/index.ts'
import { openProgram } from '../src/program.ts'

app.http(openapiRoute.name, {
  route: openapiRoute.path,
  methods: ['GET', 'HEAD'],
  authLevel: 'function',
  handler: serve(openapiRoute, openProgram),
})
