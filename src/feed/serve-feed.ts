import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import { respond } from '../edge/respond.ts'
import type { Program } from '../program.ts'
import { answerFeed } from './answer-feed.ts'
import { odataDialect } from './odata-dialect.ts'

/** The handler of the feed for `app.http`. It never rejects: every failure is an OData error. */
export function serveFeed(openProgram: () => Program): (request: HttpRequest) => Promise<HttpResponseInit> {
  return respond(odataDialect, { route: 'odata', answer: answerFeed }, openProgram)
}
