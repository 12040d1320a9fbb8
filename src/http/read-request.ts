import { z } from 'zod'
import { callerParameters } from '../edge/caller-parameters.ts'
import { type CursorScope, decodeCursor, encodeCursor } from '../edge/cursor.ts'
import { decoded } from '../edge/decoded.ts'
import { quote } from '../edge/quote.ts'
import type { Services } from '../program.ts'
import type { Open, RouteDescription } from './route.ts'
import { createLinks } from './links.ts'
import { CURSOR_EXPECTED } from './parameter.ts'
import { ProblemError } from './problem.ts'

/** The part of a request that routes look at. */
export interface IncomingRequest {
  url: string
  headers: Headers
  params: Record<string, string>
}

/**
 * Checks all that came with a request against its route, and opens what the route is about. Throws a `ProblemError`, or a `Refusal`, that names
 * the parameter at fault.
 */
export async function readRequest<Subject>(route: RouteDescription, incoming: IncomingRequest, services: Services, open: Open<Subject>) {
  const url = new URL(incoming.url)
  requireEncodedPath(route.path, url)
  const params = readValues(route.params, incoming.params)
  const given = readQueryTexts(url, route.query)
  const query = readValues(route.query, given)
  const asked = typeof query.tenantId === 'string' ? query.tenantId : undefined
  const subject = await open(services, asked)
  const tenantId = services.kind === 'one' ? services.tenantId : (asked ?? '')
  const scope = cursorScope(route.name, tenantId, incoming.params, given)
  const links = createLinks(incoming.url, incoming.headers, route.path, services.kind === 'one' ? undefined : asked)
  return {
    subject,
    query,
    params,
    position: readPosition(route, query.cursor, scope),
    nextLink: (position: unknown) => links.next(encodeCursor(position, scope)),
    links,
    accept: incoming.headers.get('accept')?.toLowerCase() ?? '',
    ifNoneMatch: incoming.headers.get('if-none-match') ?? undefined,
  }
}

/** What came for each name; several texts where the parameter may be given several times. */
type Texts = Record<string, string | string[]>

/** Refuses what is not encoded as a path is. The Functions host passes it on as it stands: `%ff` would be an id of three characters. */
function requireEncodedPath(routePath: string, { pathname }: URL): void {
  const template = routePath.split('/')
  const segments = pathname.replace(/\/$/, '').split('/').slice(-template.length)
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? ''
    if (!part.startsWith('{') || decoded(segment) !== undefined) continue
    const name = part.slice(1, -1)
    const detail = `${name} cannot be read: ${quote(segment)} is not encoded as a path is: %25 is a percent sign.`
    throw new ProblemError('invalidParameter', detail, { parameter: name })
  }
}

/** Texts by name, without the platform's own parameters. */
function readQueryTexts(url: URL, schema: z.ZodObject): Texts {
  const texts: Texts = Object.create(null) as Texts
  for (const [name, text] of callerParameters(url)) {
    const before = texts[name]
    if (mayBeRepeated(schema, name)) texts[name] = [...(Array.isArray(before) ? before : []), text]
    else if (before === undefined) texts[name] = text
    else throw new ProblemError('repeatedParameter', `${quote(name)} may be given once only.`, { parameter: parameterName(name) })
  }
  return texts
}

function mayBeRepeated({ shape }: z.ZodObject, name: string): boolean {
  const schema: unknown = Object.hasOwn(shape, name) ? shape[name] : undefined
  return (schema instanceof z.ZodOptional ? schema.unwrap() : schema) instanceof z.ZodArray
}

function readValues(schema: z.ZodObject, texts: Texts): Record<string, unknown> {
  const unknown = Object.keys(texts).find((name) => !Object.hasOwn(schema.shape, name))
  if (unknown !== undefined) throw unknownParameter(unknown, Object.keys(schema.shape))
  const parsed = schema.safeParse({ ...texts })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const name = String(issue?.path[0])
  const given = Array.isArray(texts[name]) ? texts[name][Number(issue?.path[1])] : texts[name]
  const came = given === undefined ? 'it is missing' : `got ${quote(given)}`
  throw new ProblemError('invalidParameter', `${name} must be ${issue?.message}; ${came}.`, { parameter: name })
}

function unknownParameter(name: string, known: string[]): ProblemError {
  return new ProblemError('unknownParameter', `${quote(name)} is not a parameter of this route; it has ${known.join(', ')}.`, {
    parameter: parameterName(name),
  })
}

/** A name that the caller made up, cut to what a name may be. */
const parameterName = (name: string) => name.slice(0, 100)

/** Everything that decides which rows there are: a page may have another size or format than the one before, but no other filter. */
function cursorScope(route: string, tenantId: string, params: Record<string, string>, given: Texts): CursorScope {
  const deciding = Object.entries({ ...params, ...given }).filter(([name]) => !['cursor', 'limit', 'format', 'tenantId'].includes(name))
  return [route, tenantId, ...deciding.map((parameter) => JSON.stringify(parameter)).sort()]
}

function readPosition(route: RouteDescription, cursor: unknown, scope: CursorScope): unknown {
  if (typeof cursor !== 'string' || !route.position) return undefined
  const position = decodeCursor(cursor, scope, route.position)
  if (position !== undefined) return position
  throw new ProblemError('invalidParameter', `cursor must be ${CURSOR_EXPECTED}; got ${quote(cursor)}.`, { parameter: 'cursor' })
}
