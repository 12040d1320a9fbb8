import { RestError } from '@azure/data-tables'
import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import type { z } from 'zod'
import type { Log } from '../outside.ts'
import type { Program } from '../program.ts'
import { redactError } from '../redact-error.ts'
import { StoreError } from '../store/index.ts'
import { acceptsGzip, chunkedBody, textBody } from './compress.ts'
import { ProblemError, problemOf } from './problem.ts'
import { readRequest } from './read-request.ts'
import type { Answer, ResponseSchemas, Route, RouteRequest } from './route.ts'

/** The answers hold the weaknesses of a company's machines: no cache keeps them, and no browser takes them for anything but data. */
const COMMON_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', vary: 'accept, accept-encoding' }

/** The handler of a route for `app.http`. It never rejects: every failure is a problem document. */
export function serve<Q extends z.ZodObject, P extends z.ZodObject, C extends z.ZodType, R extends ResponseSchemas>(
  route: Route<Q, P, C, R>,
  openProgram: () => Program,
): (request: HttpRequest) => Promise<HttpResponseInit> {
  return async function answerRequest(request) {
    const gzipAccepted = acceptsGzip(request.headers.get('accept-encoding'))
    const answer = await answerOrProblem(route, openProgram, request)
    const response = await toResponse(answer, gzipAccepted)
    return request.method === 'HEAD' ? withoutBody(response) : response
  }
}

async function answerOrProblem<Q extends z.ZodObject, P extends z.ZodObject, C extends z.ZodType, R extends ResponseSchemas>(
  route: Route<Q, P, C, R>,
  openProgram: () => Program,
  request: HttpRequest,
): Promise<Answer<ResponseSchemas>> {
  const program = openProgram()
  try {
    if (program.kind === 'broken') return route.handleBroken?.(program) ?? problemAnswer(misconfigured(program))
    const incoming = { url: request.url, headers: request.headers, params: request.params }
    const { opened, ...checked } = readRequest(route, incoming, program.services)
    return await route.handle(opened, checked as RouteRequest<z.output<Q>, z.output<P>, z.output<C>>)
  } catch (error) {
    return problemAnswer(error instanceof ProblemError ? error : unexpected(error, route.name, program.outside.log))
  }
}

function misconfigured({ problems }: Program & { kind: 'broken' }): ProblemError {
  const names = [...new Set(problems.map(({ name }) => name))].join(', ')
  return new ProblemError('misconfigured', `These settings are missing or wrong: ${names}. The log says what is expected.`)
}

/** What went wrong inside is for the log: a caller learns only whether it is worth trying again. */
function unexpected(error: unknown, route: string, log: Log): ProblemError {
  const redacted = redactError(error)
  const cause = redacted instanceof Error ? redacted : new Error(String(redacted))
  log.error('request.failed', { route, error: cause.name, message: cause.message, stack: cause.stack })
  if (error instanceof RestError || error instanceof StoreError)
    return new ProblemError('storageUnavailable', 'The table storage did not answer as it should. Try again later.')
  return new ProblemError('unexpected', 'Something went wrong that is not the fault of this request. The log says more.')
}

function problemAnswer(error: ProblemError): Answer<ResponseSchemas> {
  const json = problemOf(error)
  const retry: Record<string, string> = json.status === 503 ? { 'retry-after': '30' } : {}
  return { status: json.status, json, headers: { 'content-type': 'application/problem+json; charset=utf-8', ...retry } }
}

async function toResponse(
  answer: Answer<ResponseSchemas>,
  gzipAccepted: boolean,
): Promise<HttpResponseInit & { headers: Record<string, string> }> {
  const isRows = 'chunks' in answer
  const body = isRows ? chunkedBody(answer.chunks, gzipAccepted) : await textBody(JSON.stringify(answer.json), gzipAccepted)
  const contentType = isRows ? answer.contentType : 'application/json; charset=utf-8'
  return {
    status: answer.status,
    body: body.content,
    headers: { ...COMMON_HEADERS, 'content-type': contentType, ...body.headers, ...answer.headers },
  }
}

/** HEAD: the head that GET would have. https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2 */
function withoutBody({ status, headers, body }: HttpResponseInit & { headers: Record<string, string> }): HttpResponseInit {
  if (body !== null && typeof body === 'object' && 'destroy' in body) body.destroy()
  return { ...(status !== undefined && { status }), headers }
}
