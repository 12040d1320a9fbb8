import { z } from 'zod'
import type { OpenTenant } from '../open-tenant.ts'
import type { Services } from '../program.ts'
import { answerList } from './answer-list.ts'
import { columnsOf } from './columns.ts'
import { defineAppRoute, defineRoute } from './define-route.ts'
import { FORMATS, ROW_TYPES } from './format.ts'
import type { List } from './list.ts'
import { listQuery, type PageSize } from './parameter.ts'
import type { ResponseHeaderDoc } from './response-header.ts'
import type { ResponseSchemas, RouteAnswer, RouteRequest } from './route.ts'
import { nextLink } from './shapes/values.ts'

/** What the reading of a list is told. */
export interface ListRequest<Q, P, C> {
  query: Q
  params: P
  /** Where the cursor says to go on; undefined at the beginning. */
  position: C | undefined
}

/** A route that answers a list: in JSON, as a table or as lines, in pages or to its end. */
export interface ListDefinition<
  S extends z.ZodRawShape,
  P extends z.ZodObject,
  C extends z.ZodType,
  H extends z.ZodRawShape,
  N extends string,
  Row extends z.ZodObject,
  Subject = OpenTenant,
> {
  name: string
  path: string
  summary: string
  /** Its own parameters, beside those of every list. */
  parameters: S
  params: P
  /** How large pages of JSON are, and what a cursor holds; without pages if left out. */
  pages?: { size: PageSize; position: C }
  /** What stands beside the rows in JSON. */
  head: H
  /** The rows' name in JSON. */
  rows: N
  row: Row
  /** Where a row holds rows of its own: what it is in a table, and in lines. */
  table?: { row: z.ZodObject; rowsOf: (row: z.output<Row>) => object[] }
  /** Other answers than 200. */
  responses?: ResponseSchemas
  list: (
    subject: Subject,
    request: ListRequest<z.output<z.ZodObject<S>>, z.output<P>, z.output<C>>,
  ) => Promise<List<z.output<z.ZodObject<H>>, z.output<Row>, z.output<C>>>
}

/** The JSON of a list. */
type ListSchema<H extends z.ZodRawShape, N extends string, Row extends z.ZodObject> = z.ZodObject<
  H & Record<N, z.ZodArray<Row>> & { nextLink: typeof nextLink }
>

/** A route about a tenant that answers a list, ready to be registered, from its definition. */
export function defineListRoute<
  S extends z.ZodRawShape,
  P extends z.ZodObject,
  H extends z.ZodRawShape,
  N extends string,
  Row extends z.ZodObject,
  C extends z.ZodType = z.ZodNever,
>(definition: ListDefinition<S, P, C, H, N, Row>) {
  return defineRoute(routeOf(definition))
}

/** A route about the app with all its tenants that answers a list, ready to be registered, from its definition. */
export function defineAppListRoute<
  S extends z.ZodRawShape,
  P extends z.ZodObject,
  H extends z.ZodRawShape,
  N extends string,
  Row extends z.ZodObject,
  C extends z.ZodType = z.ZodNever,
>(definition: ListDefinition<S, P, C, H, N, Row, Services>) {
  return defineAppRoute(routeOf(definition))
}

function routeOf<
  S extends z.ZodRawShape,
  P extends z.ZodObject,
  H extends z.ZodRawShape,
  N extends string,
  Row extends z.ZodObject,
  C extends z.ZodType,
  Subject,
>(definition: ListDefinition<S, P, C, H, N, Row, Subject>) {
  const { name, path, summary, parameters, params, pages, head, rows, row, responses = {} } = definition
  // TypeScript does not follow a name that is known at run time only.
  const answer = z.object({ ...head, [rows]: z.array(row), ...(pages && { nextLink }) }) as unknown as ListSchema<H, N, Row>
  return {
    name,
    method: 'GET' as const,
    path,
    summary,
    authLevel: 'function' as const,
    query: listQuery(parameters, pages?.size),
    params,
    ...(pages && { position: pages.position }),
    responses: { ...responses, 200: answer },
    responseHeaders: { 200: { ...(pages && { Link: LINK }), 'Content-Disposition': CONTENT_DISPOSITION } },
    rowFormats: Object.values(ROW_TYPES),
    handle: answering(definition),
  }
}

/** What is asked of a list, as its definition takes it. */
type AskedOf<P extends z.ZodObject, C extends z.ZodType> = RouteRequest<Record<string, unknown>, z.output<P>, z.output<C>>

function answering<
  S extends z.ZodRawShape,
  P extends z.ZodObject,
  H extends z.ZodRawShape,
  N extends string,
  Row extends z.ZodObject,
  C extends z.ZodType,
  Subject,
>({ pages, rows, row, table, list }: ListDefinition<S, P, C, H, N, Row, Subject>) {
  const columns = columnsOf(table?.row ?? row)
  const limitOfJson = pages?.size.standard ?? Infinity
  return async function handle(subject: Subject, { query, position, ...request }: AskedOf<P, C>) {
    const { format, limit } = paging.parse(query)
    const own = { query, position, params: request.params } as ListRequest<z.output<z.ZodObject<S>>, z.output<P>, z.output<C>>
    const found = await list(subject, own)
    return answerList(found, {
      ...request,
      ...(table && { tableRowsOf: table.rowsOf }),
      ...{ rowsName: rows, columns, format, limit, limitOfJson },
    }) as Promise<Answer<H, N, Row>>
  }
}

type Answer<H extends z.ZodRawShape, N extends string, Row extends z.ZodObject> = RouteAnswer<{ 200: ListSchema<H, N, Row> }>

/** What every list is asked beside its own parameters. */
const paging = z.object({ format: z.enum(FORMATS).optional(), limit: z.number().optional() })

const LINK: ResponseHeaderDoc = {
  description: 'Of CSV and NDJSON where a limit is given: the next page, as rel="next"; left out on the last one.',
  schema: { type: 'string' },
}

const CONTENT_DISPOSITION: ResponseHeaderDoc = {
  description: 'Of format=excel: an attachment, and the name of its file.',
  schema: { type: 'string' },
}
