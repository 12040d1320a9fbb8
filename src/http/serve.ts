import type { z } from 'zod'
import type { WrittenAnswer } from '../edge/answer.ts'
import type { FindConnection } from '../edge/connection.ts'
import type { Handler } from '../edge/endpoint.ts'
import { respond } from '../edge/respond.ts'
import type { Program } from '../program.ts'
import { problemDialect } from './problem-dialect.ts'
import { readBody } from './read-body.ts'
import { readRequest } from './read-request.ts'
import type { Open, RouteAnswer, ResponseSchemas, RouteDefinition, RouteRequest } from './route.ts'
import { requireWholeBody } from './whole-body.ts'

/** The handler of a route for `app.http`. It never rejects: every failure is a problem document. */
export function serve<
  Q extends z.ZodObject,
  P extends z.ZodObject,
  C extends z.ZodType,
  R extends ResponseSchemas,
  Subject,
  B extends z.ZodType,
>(
  route: RouteDefinition<Q, P, C, R, Subject, B>,
  open: Open<Subject>,
  openProgram: () => Program,
  findConnection?: FindConnection,
): Handler {
  return respond(
    problemDialect,
    {
      route: route.name,
      async answer(services, { url, headers, params, body }) {
        const sent = route.method === 'GET' ? undefined : await requireWholeBody(body)
        const { subject, ...checked } = await readRequest(route, { url, headers, params }, services, open)
        const request = { ...checked, body: sent && route.body && readBody(sent, route.body) } as RouteRequest<
          z.output<Q>,
          z.output<P>,
          z.output<C>,
          z.output<B>
        >
        return write(await route.handle(subject, request))
      },
      answerBroken(program) {
        const answer = route.handleBroken?.(program)
        return answer && write(answer)
      },
    },
    openProgram,
    findConnection,
  )
}

function write(answer: RouteAnswer<ResponseSchemas>): WrittenAnswer {
  if ('chunks' in answer) return answer
  if (!('json' in answer)) return { ...answer, contentType: 'application/json; charset=utf-8', text: '' }
  const { status, json, headers = {} } = answer
  return { status, contentType: 'application/json; charset=utf-8', text: JSON.stringify(json), headers }
}
