import { RestError } from '@azure/data-tables'
import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import type { Log } from '../outside.ts'
import { redactError } from '../redact-error.ts'
import { ChangesGoneError, StoreError } from '../store/index.ts'
import type { Program, Services } from '../program.ts'
import { acceptsGzip } from './accept.ts'
import type { WrittenAnswer } from './answer.ts'
import { type Body, chunkedBody, textBody } from './compress.ts'
import type { Dialect } from './dialect.ts'
import type { Handler } from './endpoint.ts'
import { misconfigured, Refusal } from './refusal.ts'

/** Seconds after which a caller may try again when there is no answer for now. */
const RETRY_AFTER_SECONDS = 30

/** What is asked, as far as an answer depends on it. */
export interface Answering {
  /** The route's name, for the log. */
  route: string
  /** Throws a refusal of its dialect, or a `Refusal`, for what it does not answer. */
  answer(services: Services, request: HttpRequest): Promise<WrittenAnswer>
  /** The answer while the configuration is broken; a refusal if left out or undefined. */
  answerBroken?(program: Program & { kind: 'broken' }): WrittenAnswer | undefined
}

/** A handler for `app.http`. It never rejects: every failure is a refusal in the dialect. */
export function respond<E extends Error>(dialect: Dialect<E>, answering: Answering, openProgram: () => Program): Handler {
  return async function respondTo(request) {
    const answer = await answerOrRefusal(dialect, answering, openProgram(), request)
    const gzipAccepted = acceptsGzip(request.headers.get('accept-encoding'))
    const body = 'chunks' in answer ? chunkedBody(answer.chunks, gzipAccepted) : await textBody(answer.text, gzipAccepted)
    const headers = { ...commonHeaders(dialect), 'content-type': answer.contentType, ...body.headers, ...answer.headers }
    const isHeadOnly = request.method === 'HEAD' || answer.status === 204
    return isHeadOnly ? headOnly(answer.status, headers, body) : { status: answer.status, headers, body: body.content }
  }
}

async function answerOrRefusal<E extends Error>(
  dialect: Dialect<E>,
  answering: Answering,
  program: Program,
  request: HttpRequest,
): Promise<WrittenAnswer> {
  try {
    if (program.kind === 'ready') return await answering.answer(program.services, request)
    const broken = answering.answerBroken?.(program)
    if (broken) return broken
    throw misconfigured(program.problems)
  } catch (error) {
    const refusal = dialect.isOwn(error)
      ? error
      : dialect.translate(error instanceof Refusal ? error : faultOf(error, answering.route, program.outside.log))
    return withRetryAfter(dialect.answer(refusal))
  }
}

/** What went wrong inside is for the log: a caller learns only whether it is worth trying again. */
function faultOf(error: unknown, route: string, log: Log): Refusal {
  if (error instanceof ChangesGoneError) return new Refusal('historyGone', `A part of the history was deleted: ${error.message}.`)
  const redacted = redactError(error)
  const cause = redacted instanceof Error ? redacted : new Error(String(redacted))
  log.error('request.failed', { route, error: cause.name, message: cause.message, stack: cause.stack })
  if (error instanceof RestError || error instanceof StoreError)
    return new Refusal('storageUnavailable', 'The table storage did not answer as it should. Try again later.')
  return new Refusal('unexpected', 'Something went wrong that is not the fault of this request. The log says more.')
}

function withRetryAfter(refusal: WrittenAnswer): WrittenAnswer {
  return refusal.status === 503 ? { ...refusal, headers: { ...refusal.headers, 'retry-after': String(RETRY_AFTER_SECONDS) } } : refusal
}

/** The answers hold the weaknesses of a company's machines: no cache keeps them, and no browser takes them for anything but data. */
function commonHeaders({ headers, varies }: Pick<Dialect<Error>, 'headers' | 'varies'>): Record<string, string> {
  const vary = ['accept', 'accept-encoding', ...varies].join(', ')
  return { ...headers, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', vary }
}

/** HEAD, and an answer without content: the head that GET would have. https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2 */
function headOnly(status: number, headers: Record<string, string>, { content }: Body): HttpResponseInit {
  if (typeof content === 'object' && 'destroy' in content) content.destroy()
  return { status, headers }
}
