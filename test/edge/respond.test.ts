import { RestError } from '@azure/data-tables'
import { HttpRequest } from '@azure/functions'
import { describe, expect, it } from 'vitest'
import type { Dialect } from '../../src/edge/dialect.ts'
import { type Answering, respond } from '../../src/edge/respond.ts'
import { odataDialect } from '../../src/feed/odata-dialect.ts'
import { problemDialect } from '../../src/http/problem-dialect.ts'
import { createProgram } from '../../src/program.ts'
import { TENANT } from '../support/api.ts'
import { recordingOutside } from '../support/recording-outside.ts'

const READY = { DEFENDER_TENANT_ID: TENANT, STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true' }

/** The response to a request that is answered so, and what was logged. */
async function responseOf<E extends Error>(
  dialect: Dialect<E>,
  answer: Answering['answer'],
  { method = 'GET', environment = READY }: { method?: 'GET' | 'HEAD'; environment?: Record<string, string> } = {},
) {
  const outside = recordingOutside(0)
  const program = createProgram(environment, outside)
  const request = new HttpRequest({ method, url: 'https://patchtrail.example/api/any' })
  const response = await respond(dialect, { route: 'any', answer }, () => program)(request)
  return { ...response, headers: response.headers as Record<string, string>, lines: outside.lines }
}

const failing = (error: Error) => () => Promise.reject(error)

describe.each([
  ['a problem document', problemDialect, 'application/problem+json; charset=utf-8', 'urn:patchtrail:problem:unexpected'],
  ['an OData error', odataDialect, 'application/json;odata.metadata=minimal', '"code":"Unexpected"'],
])('a failure as %s', (_, given, contentType, kind) => {
  const dialect = given as Dialect<Error>

  it('tells nothing of what went wrong inside, and logs it once', async () => {
    const { status, headers, body, lines } = await responseOf(dialect, failing(new TypeError('secret')))
    expect(status).toBe(500)
    expect(headers['content-type']).toContain(contentType)
    expect(body).toContain(kind)
    expect(body).not.toContain('secret')
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'request.failed', route: 'any', error: 'TypeError', message: 'secret' })
  })

  it.each([
    ['the storage fails', failing(new RestError('no', { statusCode: 500 })), READY, 1],
    ['the configuration is broken', failing(new Error('never asked')), {}, 0],
  ])('is a 503 that says when to come back where %s', async (_case, answer, environment, logged) => {
    const { status, headers, lines } = await responseOf(dialect, answer, { environment })
    expect([status, headers['retry-after'], headers['cache-control'], lines.length]).toEqual([503, '30', 'no-store', logged])
  })
})

it('HEAD has the head of GET, and its body is not made', async () => {
  const made: string[] = []
  async function* chunks() {
    for (const chunk of ['a', 'b']) {
      made.push(chunk)
      yield chunk
    }
  }
  const answer = () => Promise.resolve({ status: 200, contentType: 'text/csv', chunks: chunks() })
  const head = await responseOf(problemDialect, answer, { method: 'HEAD' })
  await new Promise((resolve) => setImmediate(resolve))
  expect([head.body, made]).toEqual([undefined, []])
  const get = await responseOf(problemDialect, answer)
  expect([head.status, head.headers]).toEqual([get.status, get.headers])
  for await (const _ of get.body as AsyncIterable<unknown>);
  expect(made).toEqual(['a', 'b'])
})
