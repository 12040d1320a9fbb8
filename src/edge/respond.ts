import { RestError } from '@azure/data-tables'
import type { HttpRequest } from '@azure/functions'
import type { Log } from '../log.ts'
import { redactError } from '../redact-error.ts'
import { ChangesGoneError, StoreError } from '../store/index.ts'
import type { Program, Services } from '../program.ts'
import { acceptsGzip } from './accept.ts'
import type { WrittenAnswer } from './answer.ts'
import { type Body, textBody } from './compress.ts'
import type { FindConnection } from './connection.ts'
import type { Dialect } from './dialect.ts'
import type { Handler } from './endpoint.ts'
import { misconfigured, Refusal } from './refusal.ts'
import { type Sending, streamedBody, unsentBody } from './streamed-body.ts'

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
export function respond<E extends Error>(
  dialect: Dialect<E>,
  answering: Answering,
  openProgram: () => Program,
  findConnection: FindConnection = () => undefined,
): Handler {
  return async function respondTo(request, invocation) {
    const program = openProgram()
    const answer = await answerOrRefusal(dialect, answering, program, request)
    const sending = {
      gzipAccepted: acceptsGzip(request.headers.get('accept-encoding')),
      connection: invocation && findConnection(invocation.invocationId),
      onBroken: (error: unknown) => logFault(program.outside.log, 'request.broken', answering.route, error),
    }
    const isHead = request.method === 'HEAD'
    const body = await bodyOf(answer, isHead, sending)
    const headers = { ...commonHeaders(dialect), 'content-type': answer.contentType, ...body.headers, ...answer.headers }
    return isHead || BODILESS.has(answer.status)
      ? { status: answer.status, headers }
      : { status: answer.status, headers, body: body.content }
  }
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1 */
const BODILESS: ReadonlySet<number> = new Set([204, 304])

/** HEAD has the head that GET would have, for which the body of a stream need not be made. https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2 */
function bodyOf(answer: WrittenAnswer, isHead: boolean, sending: Sending): Body | Promise<Body> {
  if (!('chunks' in answer)) return textBody(answer.text, sending.gzipAccepted)
  return isHead ? unsentBody(answer.chunks, sending) : streamedBody(answer.chunks, sending)
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
  logFault(log, 'request.failed', route, error)
  if (error instanceof RestError || error instanceof StoreError)
    return new Refusal('storageUnavailable', 'The table storage did not answer as it should. Try again later.')
  return new Refusal('unexpected', 'Something went wrong that is not the fault of this request. The log says more.')
}

function logFault(log: Log, event: 'request.failed' | 'request.broken', route: string, error: unknown): void {
  const redacted = redactError(error)
  const cause = redacted instanceof Error ? redacted : new Error(String(redacted))
  log.error(event, { route, error: cause.name, message: cause.message, stack: cause.stack })
}

function withRetryAfter(refusal: WrittenAnswer): WrittenAnswer {
  return refusal.status === 503 ? { ...refusal, headers: { ...refusal.headers, 'retry-after': String(RETRY_AFTER_SECONDS) } } : refusal
}

/** The answers hold the weaknesses of a company's machines: no cache keeps them, and no browser takes them for anything but data. */
function commonHeaders({ headers, varies }: Pick<Dialect<Error>, 'headers' | 'varies'>): Record<string, string> {
  const vary = ['accept', 'accept-encoding', ...varies].join(', ')
  return { ...headers, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', vary }
}
