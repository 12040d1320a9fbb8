import type { Endpoint } from '../edge/endpoint.ts'
import { respond } from '../edge/respond.ts'
import { answerFeed, FEED_ROOT } from './answer-feed.ts'
import { odataDialect } from './odata-dialect.ts'

/** The whole feed is one route: the feed itself reads what is behind its root. Every failure is an OData error. */
export const feedRoute: Endpoint = {
  name: 'odata',
  method: 'GET',
  path: `${FEED_ROOT}/{*path}`,
  authLevel: 'function',
  serve: (openProgram) => respond(odataDialect, { route: 'odata', answer: answerFeed }, openProgram),
}
