import type { z } from 'zod'
import type { StreamedAnswer } from '../edge/answer.ts'
import type { Endpoint } from '../edge/endpoint.ts'
import type { OpenTenant } from '../open-tenant.ts'
import type { Program, Services } from '../program.ts'
import type { Links } from './links.ts'
import type { ResponseHeaderDocs } from './response-header.ts'

/** What a route is about, by the tenant that a caller named. */
export type Open<Subject> = (services: Services, asked: string | undefined) => Promise<Subject>

export type ResponseSchemas = Record<number, z.ZodType>

/** What a handler gets: everything checked. */
export interface RouteRequest<Q, P, C, B = undefined> {
  query: Q
  params: P
  /** What was sent, of a route that takes a body. */
  body: B
  /** Where the cursor says to go on; undefined on the first page. */
  position: C | undefined
  /** Absolute address of the page that begins at a position. */
  nextLink: (position: C) => string
  links: Links
  /** In lower case. */
  accept: string
  /** The state that the caller knows; undefined where none is named. */
  ifNoneMatch: string | undefined
}

/** What the caller knows is still so. https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5 */
export interface NotModified {
  status: 304
  headers: { etag: string }
}

/** Rows in one of the route's other media types. */
export interface Rows extends StreamedAnswer {
  status: 200
}

/** An answer whose body fits the schema of its status. */
export type RouteAnswer<R extends ResponseSchemas> =
  { [S in keyof R & number]: { status: S; json: z.output<R[S]>; headers?: Record<string, string> } }[keyof R & number] | Rows | NotModified

/** One route as data: what it is asked, what it answers, and how. The OpenAPI document is made from these. */
export interface RouteDefinition<
  Q extends z.ZodObject,
  P extends z.ZodObject,
  C extends z.ZodType,
  R extends ResponseSchemas,
  Subject = OpenTenant,
  B extends z.ZodType = z.ZodUndefined,
> extends Omit<Endpoint, 'serve'> {
  summary: string
  query: Q
  params: P
  /** What a cursor of this route holds; none if it has no pages. */
  position?: C
  /** What has to be sent, as JSON; nothing is read from a body if left out. */
  body?: B
  responses: R
  /** What is told in headers, by status. */
  responseHeaders?: Readonly<Record<number, ResponseHeaderDocs>>
  /** Other media types of the 200 answer, whose rows are those of the JSON one. */
  rowFormats?: readonly string[]
  /** Whether it answers 304 to a caller who knows how things stand. */
  isConditional?: boolean
  handle(subject: Subject, request: RouteRequest<z.output<Q>, z.output<P>, z.output<C>, z.output<B>>): Promise<RouteAnswer<R>>
  /** The answer while the configuration is broken; a 503 problem if left out. */
  handleBroken?(program: Program & { kind: 'broken' }): RouteAnswer<R>
}

/** A route that can be registered. */
export type Route<
  Q extends z.ZodObject,
  P extends z.ZodObject,
  C extends z.ZodType,
  R extends ResponseSchemas,
  Subject = OpenTenant,
  B extends z.ZodType = z.ZodUndefined,
> = RouteDefinition<Q, P, C, R, Subject, B> & Endpoint

/** A route of which only the description is looked at. */
export type RouteDescription = Omit<
  RouteDefinition<z.ZodObject, z.ZodObject, z.ZodType, ResponseSchemas, never, z.ZodType>,
  'handle' | 'handleBroken'
>
