import { RestError } from '@azure/data-tables'
import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import { acceptsGzip, textBody } from '../http/compress.ts'
import type { Log } from '../outside.ts'
import type { Program } from '../program.ts'
import { redactError } from '../redact-error.ts'
import { ChangesGoneError, StoreError } from '../store/index.ts'
import { answerFeed, type FeedAnswer } from './answer-feed.ts'
import { FeedError } from './feed-error.ts'
import { contentTypeOf } from './media-type.ts'

/**
 * On every answer, errors too: callers tell the version of the feed by the header. Header names are set in lower case only; the same one in
 * another case would be sent twice, which Power Query refuses.
 */
const COMMON_HEADERS = {
  'odata-version': '4.0',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  vary: 'accept, accept-encoding, prefer, odata-maxversion',
}

/** Seconds after which a caller may try again when the feed cannot answer for now. */
const RETRY_AFTER_SECONDS = 30

/** The handler of the feed for `app.http`. It never rejects: every failure is an OData error. */
export function serveFeed(openProgram: () => Program): (request: HttpRequest) => Promise<HttpResponseInit> {
  return async function answerFeedRequest(request) {
    const { status, contentType, text, headers } = await answerOrError(openProgram, request)
    const body = await textBody(text, acceptsGzip(request.headers.get('accept-encoding')))
    const allHeaders = { ...COMMON_HEADERS, 'content-type': contentType, ...body.headers, ...headers }
    return request.method === 'HEAD' ? { status, headers: allHeaders } : { status, headers: allHeaders, body: body.content }
  }
}

async function answerOrError(openProgram: () => Program, request: HttpRequest): Promise<FeedAnswer> {
  const program = openProgram()
  try {
    if (program.kind === 'broken') throw misconfigured(program)
    return await answerFeed(program.services, { url: request.url, headers: request.headers })
  } catch (error) {
    if (error instanceof ChangesGoneError) return errorAnswer(new FeedError('Gone', `A part of the history was deleted: ${error.message}.`))
    return errorAnswer(error instanceof FeedError ? error : unexpected(error, program.outside.log))
  }
}

/** https://docs.oasis-open.org/odata/odata-json-format/v4.0/odata-json-format-v4.0.html#_Error_Response */
function errorAnswer({ status, code, message }: FeedError): FeedAnswer {
  return {
    status,
    contentType: contentTypeOf({ metadata: 'minimal', ieee754Compatible: false }),
    text: JSON.stringify({ error: { code, message } }),
    ...(status === 503 && { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } }),
  }
}

function misconfigured({ problems }: Program & { kind: 'broken' }): FeedError {
  const names = [...new Set(problems.map(({ name }) => name))].join(', ')
  return new FeedError('Misconfigured', `These settings are missing or wrong: ${names}. The log says what is expected.`)
}

/** What went wrong inside is for the log: a caller learns only whether it is worth trying again. */
function unexpected(error: unknown, log: Log): FeedError {
  const redacted = redactError(error)
  const cause = redacted instanceof Error ? redacted : new Error(String(redacted))
  log.error('request.failed', { route: 'odata', error: cause.name, message: cause.message, stack: cause.stack })
  if (error instanceof RestError || error instanceof StoreError)
    return new FeedError('StorageUnavailable', 'The table storage did not answer as it should. Try again later.')
  return new FeedError('Unexpected', 'Something went wrong that is not the fault of this request. The log says more.')
}
