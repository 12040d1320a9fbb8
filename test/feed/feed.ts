import { HttpRequest } from '@azure/functions'
import { gunzipSync } from 'node:zlib'
import { expect } from 'vitest'
import { startTableService, type TableServiceOptions } from '../../dev/table-service/index.ts'
import type { FeedRow } from '../../src/feed/filter/value.ts'
import { feedRoute } from '../../src/feed/index.ts'
import { oneTenantOf } from '../../dev/one-tenant.ts'
import type { Program, OneTenantServices } from '../../src/program.ts'
import { ORIGIN, TENANT } from '../support/api.ts'
import { programOver } from '../support/program-over.ts'
import { recordingOutside } from '../support/recording-outside.ts'
import type { Tables } from '../support/table-services.ts'

export const ROOT = `${ORIGIN}/api/odata`

/** What Excel's Power Query sends. https://github.com/NLstn/go-odata/issues/874 */
export const POWER_QUERY_HEADERS = {
  'user-agent': 'Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)',
  maxdataserviceversion: '3.0',
  'odata-maxversion': '4.0',
  accept:
    'application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,' +
    'application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7',
  'accept-encoding': 'gzip, deflate',
}

export interface FeedReply {
  status: number
  headers: Headers
  text: string
  json: { value: FeedRow[]; error?: { code: string; message: string } } & Record<string, unknown>
}

export interface Feed {
  program: Program
  services: OneTenantServices
  /** GETs a path below the feed's root, or an absolute URL: `/Kbs?$top=1`. Options are encoded as `encodeURI` does. */
  get(path: string, options?: { headers?: Record<string, string>; method?: 'GET' | 'HEAD' }): Promise<FeedReply>
  /** The rows of all pages of a path, and how many there were. */
  rows(path: string, headers?: Record<string, string>): Promise<{ rows: FeedRow[]; pages: number; replies: FeedReply[] }>
}

/** The feed in this process: requests pass through everything but the Functions host. */
export function openFeed(tables: Tables, prefix = '', tenantId = TENANT): Feed {
  const environment = { DEFENDER_TENANT_ID: tenantId, ...(prefix && { TABLE_PREFIX: prefix }) }
  const program = programOver(tables, environment, recordingOutside(Date.parse('2026-06-12T02:00:00Z')))
  const services = oneTenantOf(program)
  const handler = feedRoute.serve(() => program)
  const get: Feed['get'] = async (path, { headers = {}, method = 'GET' } = {}) => {
    const url = path.startsWith('http') ? path : `${ROOT}${encodeURI(path).replaceAll('#', '%23')}`
    const answer = await handler(new HttpRequest({ method, url, headers }))
    return readReply(
      new Response(answer.body as ConstructorParameters<typeof Response>[0], {
        status: answer.status ?? 200,
        headers: answer.headers as Record<string, string>,
      }),
    )
  }
  return { program, services, get, rows: (path, headers) => followLinks(get, path, headers) }
}

/** A body as it came, unpacked: a client that takes no gzip gets none. */
async function readReply(response: Response): Promise<FeedReply> {
  const bytes = Buffer.from(await response.arrayBuffer())
  const text = (response.headers.get('content-encoding') === 'gzip' && bytes.length > 0 ? gunzipSync(bytes) : bytes).toString()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true && text !== ''
  return { status: response.status, headers: response.headers, text, json: (isJson ? JSON.parse(text) : {}) as FeedReply['json'] }
}

/** Every page ends the loop or brings it on. */
const MOST_PAGES = 2_000

async function followLinks(get: Feed['get'], path: string, headers: Record<string, string> = {}) {
  const replies: FeedReply[] = []
  for (let next: string | undefined = path; next !== undefined; next = replies.at(-1)?.json['@odata.nextLink'] as string | undefined) {
    const reply = await get(next, { headers })
    expect(reply.status, `${next} ${reply.text.slice(0, 300)}`).toBe(200)
    if (replies.push(reply) > MOST_PAGES) throw new Error('The pages do not end.')
  }
  return { rows: replies.flatMap(({ json }) => json.value), pages: replies.length, replies }
}

/** A feed over an in-memory table service. */
export async function startFeed(options: TableServiceOptions = {}) {
  const service = await startTableService(options)
  const feed = openFeed(service)
  return { ...feed, service }
}

/** Rows as a set of texts: two answers are the same whatever the order. */
export const sorted = (rows: readonly FeedRow[]) =>
  rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort()
