import type { TextAnswer } from '../edge/answer.ts'
import { publicOrigin } from '../edge/public-origin.ts'
import { requireApp, requireAskedTenant, tenantIdReader } from '../edge/asked-tenant.ts'
import { quote } from '../edge/quote.ts'
import type { Services } from '../program.ts'
import { answerRows, countRows, nowMsOf, requireRow } from './answer-rows.ts'
import { badRequest } from './feed-error.ts'
import { parseFilter } from './filter/parse-filter.ts'
import { chooseJson, contentTypeOf, type JsonFormat, requireVersion4, requireXml } from './media-type.ts'
import { metadataDocument, serviceDocument } from './metadata.ts'
import { readPreferences } from './preferences.ts'
import { type OptionTexts, readOptionTexts, readSelect } from './query-options.ts'
import { type PropertyOfRow, readResource, type Resource } from './resource-path.ts'
import { openSet, type Subject } from './sets/index.ts'
import { rowShaper } from './shape-row.ts'

export interface FeedRequest {
  url: string
  headers: Headers
}

/** The segment below which the feed lies, in the route and in the URL. */
export const FEED_ROOT = 'odata'

const PLAIN_TEXT = 'text/plain;charset=utf-8'

/** The metadata changes with the app's version only, and a refresh may read it for each partition anew. */
const METADATA_CACHING = 'private, max-age=300'

/** Answers a GET to the feed. Throws a `FeedError`, or a `Refusal`, for what it refuses. */
export async function answerFeed(services: Services, { url, headers }: FeedRequest): Promise<TextAnswer> {
  requireVersion4(headers.get('odata-maxversion'))
  const { root, path } = splitAtRoot(new URL(url), headers)
  const resource = readResource(path)
  const options = readOptionTexts(new URL(url), resource.kind)
  const subject = await subjectOf(services, resource, options.get('tenantId'))
  if (resource.kind === 'metadata') {
    requireXml(options.get('$format'))
    return {
      status: 200,
      contentType: 'application/xml;charset=utf-8',
      text: metadataDocument(),
      headers: { 'cache-control': METADATA_CACHING },
    }
  }
  if (resource.kind === 'count') return answerCount(subject, resource, options)
  if (resource.kind === 'value') return answerValue(subject, resource)
  const json = chooseJson(options.get('$format'), headers.get('accept'))
  const context = (fragment: string) => (json.metadata === 'none' ? {} : { '@odata.context': `${root}/$metadata${fragment}` })
  if (resource.kind === 'service') return jsonAnswer(json, { ...context(''), value: serviceDocument() })
  if (resource.kind === 'row') return answerRow({ subject, options, json, context }, resource)
  if (resource.kind === 'property') return answerProperty({ subject, options, json, context }, resource)
  return answerSet({ subject, options, json, context }, resource, headers, root)
}

interface ReadRequest {
  subject: Subject
  options: OptionTexts
  json: JsonFormat
  /** The context of an answer, for its fragment. */
  context: (fragment: string) => object
}

async function answerSet(
  { subject, options, json, context }: ReadRequest,
  { feedSet }: Resource & { kind: 'rows' },
  headers: Headers,
  root: string,
): Promise<TextAnswer> {
  const { set } = feedSet
  const preferences = readPreferences(headers.get('prefer'))
  const { rows, select, count, next } = await answerRows(subject, feedSet, options, preferences)
  const body = {
    ...context(`#${set.name}${selected(select)}`),
    // Edm.Int64, which callers who say so read from a text.
    ...(count !== undefined && { '@odata.count': json.ieee754Compatible ? String(count) : count }),
    value: rows.map(rowShaper({ set, select, metadata: json.metadata, omitNulls: preferences.omitNulls })),
    ...(next !== undefined && { '@odata.nextLink': `${root}/${set.name}?${withToken(options, next)}` }),
  }
  const applied: Record<string, string> = preferences.applied === '' ? {} : { 'preference-applied': preferences.applied }
  return { ...jsonAnswer(json, body), headers: applied }
}

async function answerRow({ subject, options, json, context }: ReadRequest, resource: Resource & { kind: 'row' }): Promise<TextAnswer> {
  const { set } = resource.feedSet
  const select = readSelect(options.get('$select'), set)
  const row = await requireRow(subject, resource)
  const shape = rowShaper({ set, select, metadata: json.metadata, omitNulls: false })
  return jsonAnswer(json, { ...context(`#${set.name}${selected(select)}/$entity`), ...shape(row) })
}

/** https://docs.oasis-open.org/odata/odata/v4.0/odata-v4.0-part1-protocol.html#_Requesting_Individual_Properties */
async function answerProperty({ subject, json, context }: ReadRequest, resource: PropertyOfRow): Promise<TextAnswer> {
  const value = (await requireRow(subject, resource))[resource.name] ?? null
  if (value === null) return NO_VALUE
  return jsonAnswer(json, { ...context(`#${encodeURI(resource.row)}/${resource.name}`), value })
}

async function answerValue(subject: Subject, resource: PropertyOfRow): Promise<TextAnswer> {
  const value = (await requireRow(subject, resource))[resource.name] ?? null
  return value === null ? NO_VALUE : { status: 200, contentType: PLAIN_TEXT, text: String(value) }
}

/** A property that is null. */
const NO_VALUE: TextAnswer = { status: 204, contentType: PLAIN_TEXT, text: '' }

async function answerCount(subject: Subject, { feedSet }: Resource & { kind: 'count' }, options: OptionTexts): Promise<TextAnswer> {
  const filter = options.get('$filter')
  const opened = await openSet(feedSet, subject)
  const count = await countRows(opened, filter === undefined ? undefined : parseFilter(filter, nowMsOf(subject)))
  return { status: 200, contentType: PLAIN_TEXT, text: String(count) }
}

function jsonAnswer(json: JsonFormat, body: object): TextAnswer {
  return { status: 200, contentType: contentTypeOf(json), text: JSON.stringify(body) }
}

/** https://docs.oasis-open.org/odata/odata/v4.0/odata-v4.0-part1-protocol.html#_Collection_of_Projected */
const selected = (select: readonly string[] | undefined) => (select ? `(${select.join(',')})` : '')

/** The options as they were, with a token. The function key is not among them. */
function withToken(options: OptionTexts, token: string): string {
  const kept = [...options].filter(([name]) => name !== '$skiptoken').map(([name, text]) => `${name}=${encodeURIComponent(text)}`)
  return [...kept, `$skiptoken=${token}`].join('&')
}

/** The feed's absolute address, as the caller knows it, and what is behind it. */
function splitAtRoot(url: URL, headers: Headers): { root: string; path: string } {
  const segments = url.pathname.split('/')
  const index = segments.findIndex((segment) => segment.toLowerCase() === FEED_ROOT)
  const root = segments.slice(0, index + 1).join('/')
  return { root: `${publicOrigin(url, headers)}${root}`, path: url.pathname.slice(root.length) }
}

/** Whom a request is about. What the feed is made of, and its sets of tenants, are about the app; the rest is about a tenant. */
async function subjectOf(services: Services, resource: Resource, asked: string | undefined): Promise<Subject> {
  const tenantId = asked === undefined ? undefined : tenantIdReader.read(asked)
  if (asked !== undefined && tenantId === undefined) throw badRequest(`tenantId must be ${tenantIdReader.expected}; got ${quote(asked)}.`)
  const isOfApp = 'feedSet' in resource ? 'isOfApp' in resource.feedSet : true
  if (isOfApp) return { kind: 'app', services: await requireApp(services, tenantId), tenantId }
  return { kind: 'tenant', opened: await requireAskedTenant(services, tenantId) }
}
