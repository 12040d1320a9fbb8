import { app } from '@azure/functions'
import { FEED_ROOT, serveFeed } from '../src/feed/index.ts'
import { openProgram } from '../src/program.ts'

app.http('odata', {
  route: `${FEED_ROOT}/{*path}`,
  methods: ['GET', 'HEAD'],
  authLevel: 'function',
  handler: serveFeed(openProgram),
})
