import type { Random } from './random.ts'
import { type WireAnswer } from './wire-answer.ts'
import { SECRET } from './secrets.ts'

const STATUSES = [
  ...[100, 101, 102, 199, 201, 202, 203, 204, 205, 206, 207, 226, 299, 300, 301, 302, 303, 304, 307, 308, 399, 400, 401, 402, 403, 404],
  ...[
    405, 406, 408, 409, 410, 412, 413, 415, 418, 422, 424, 425, 429, 431, 451, 499, 500, 501, 502, 503, 504, 507, 511, 520, 599, 600, 999,
    0,
  ],
]

/** Those that a client may take for something else. */
const TELLING = [404, 404, 404, 201, 203, 206, 304, 401, 403, 429, 503]

const CODES = ['ResourceNotFound', 'TooManyRequests', '429', 'Forbidden', 'Unauthorized', 'InternalServerError', 'x'.repeat(300), 'a b', '']

/** Seconds, dates, and what is neither. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
const RETRY_AFTER = [
  ...['0', '1', '30', '3600', '86400', '99999999999999999999', '-1', '-0', '1.5', '1e3', 'soon', '', ' 5 ', '5, 6', '٥', '0x10', 'NaN'],
  ...[
    'Mon, 02 Mar 2026 02:05:00 GMT',
    'Mon, 02 Mar 1970 00:00:00 GMT',
    'Fri, 31 Dec 9999 23:59:59 GMT',
    'Mon, 99 Foo 2026 99:99:99 GMT',
    '2026',
  ],
]

const EMPTY = Buffer.from('{"value":[]}')

/** A status with or without a body, and headers that go with it or do not. */
export function otherStatus(polite: WireAnswer, random: Random, foreignUrl: string): WireAnswer {
  const status = random.pick(random.isIn(0.5) ? TELLING : STATUSES)
  const body = random.oneOf([
    () => Buffer.alloc(0),
    () => Buffer.from('<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>'),
    () => polite.body,
    () => EMPTY,
    () => (status < 300 ? EMPTY : polite.body),
    () => Buffer.from(JSON.stringify(errorBody(random))),
    () => Buffer.from(JSON.stringify(errorBody(random))),
    () => Buffer.from('x'.repeat(200_000)),
  ])
  const headers: (readonly [string, string])[] = [
    random.pick([
      ['content-type', 'application/json'],
      ['content-type', 'text/html'],
    ] as const),
  ]
  if (random.isIn(status === 429 || status === 503 ? 0.8 : 0.2)) headers.push(['retry-after', random.pick(RETRY_AFTER)])
  if (status >= 300 && status < 400)
    headers.push(['location', random.pick([foreignUrl, '/elsewhere', '//', `${foreignUrl}?sig=${SECRET}`])])
  return { label: `status ${status}`, status, headers, body, framing: random.isIn(0.8) ? 'length' : 'chunked' }
}

function errorBody(random: Random): unknown {
  const message = random.pick<unknown>([
    'Machine was not found',
    'API calls quota exceeded! maximum allowed 45 per 00:01:00. You can send requests again in 17 seconds.',
    'maximum allowed 1 per 99:99:99',
    `the token ${SECRET} is not for this host`,
    `the header was Authorization: Bearer ${SECRET}, client_secret=${SECRET}`,
    `https://account.table.core.windows.net/x?sv=1&sig=${SECRET}`,
    'Missing application roles. API required roles: Software.Read.All, application roles: .',
    '\ud800'.repeat(10),
    'x'.repeat(70_000),
    7,
    null,
    { a: [] },
  ])
  const error = { code: random.pick(CODES), message, target: random.pick(['7d0c', SECRET, 'x'.repeat(300), null]) }
  return random.pick<unknown>([{ error }, { error }, { error }, { error: message }, { error: [] }, { code: 'x', message }, [], null])
}
