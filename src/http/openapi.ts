import { z } from 'zod'
import { isProblemSchema, PROBLEMS, problemSchema } from './problem.ts'
import { retryAfterHeader } from './response-header.ts'
import type { RouteDescription } from './route.ts'

type Json = Record<string, unknown>

/** Shapes that clients meet in several answers, under the names that the contract gives them. */
export type NamedSchemas = Record<string, z.ZodType>

/**
 * The OpenAPI 3.1 document of some routes, made from the schemas that check their requests and type their answers.
 * https://spec.openapis.org/oas/v3.1.1
 */
export function describeRoutes(routes: readonly RouteDescription[], named: NamedSchemas, about: { version: string; baseUrl: string }) {
  const references = new Map<z.ZodType, string>()
  const registry = z.registry<{ id: string }>()
  const register = (schema: z.ZodType, id: string) => {
    if (references.has(schema)) return
    references.set(schema, id)
    registry.add(schema, { id })
  }
  for (const [id, schema] of Object.entries({ Problem: problemSchema, ...named })) register(schema, id)
  for (const route of routes) {
    for (const [status, schema] of Object.entries(route.responses)) register(schema, `${route.name}${status}`)
  }
  const reference = (schema: z.ZodType): Json => ({ $ref: referenceTo(references.get(schema) ?? '') })
  return {
    openapi: '3.1.1',
    info: {
      title: 'patchtrail',
      version: about.version,
      description: 'Which machines were missing which Windows security updates on any past day, what changed since, and why.',
      license: { name: 'MIT', identifier: 'MIT' },
      contact: { name: 'Whoever runs this app in their subscription' },
    },
    servers: [{ url: about.baseUrl }],
    tags: Object.entries(TAGS).map(([name, { description }]) => ({ name, description })),
    paths: pathsOf(routes, reference),
    components: { schemas: componentSchemas(registry), securitySchemes: SECURITY_SCHEMES },
  }
}

/** What the operations are about, by the beginnings of their paths. */
const TAGS = {
  snapshots: { beginnings: ['snapshots', 'sync'], description: 'Passes over all machines.' },
  diffs: { beginnings: ['diffs'], description: 'What changed between two snapshots, and why.' },
  trends: {
    beginnings: ['overview', 'trends', 'cohorts', 'groups', 'time-to-patch'],
    description: 'How things stand and go: figures that were counted when snapshots ended. Ages are those of exposures.',
  },
  machines: { beginnings: ['machines'], description: 'Machines, what they missed on a day, and their history.' },
  kbs: { beginnings: ['kbs'], description: 'KBs, and the machines that miss them.' },
  tenants: { beginnings: ['tenants'], description: 'Whom the app reads.' },
  service: { beginnings: ['health', 'status', 'search', 'openapi.json'], description: 'The app itself.' },
} as const

const tagsOf = ({ path }: RouteDescription) =>
  Object.entries(TAGS).flatMap(([name, { beginnings }]) => (beginnings.some((beginning) => path.split('/')[0] === beginning) ? [name] : []))

const SECURITY_SCHEMES = {
  keyHeader: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
  keyParameter: { type: 'apiKey', in: 'query', name: 'code' },
}

const referenceTo = (id: string) => `#/components/schemas/${id}`

function componentSchemas(registry: z.core.$ZodRegistry<{ id: string }>): Json {
  const { schemas } = z.toJSONSchema(registry, { uri: referenceTo, override: ({ jsonSchema }) => letFieldsBeAdded(jsonSchema) })
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema: _schema, $id: _id, ...schema }]) => [id, schema]))
}

/** A later version may answer with more fields: a client that checks its answers must not refuse them. */
function letFieldsBeAdded(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.additionalProperties === false) delete schema.additionalProperties
}

/** Routes of one path, by their methods. */
function pathsOf(routes: readonly RouteDescription[], reference: (schema: z.ZodType) => Json): Record<string, Json> {
  const paths: Record<string, Json> = {}
  for (const route of routes) paths[`/${route.path}`] = { ...paths[`/${route.path}`], ...operations(route, reference) }
  return paths
}

function operations(route: RouteDescription, reference: (schema: z.ZodType) => Json): Json {
  const described = operation(route, reference)
  return route.method === 'GET' ? { get: described, head: headOf(described) } : { [route.method.toLowerCase()]: described }
}

/** HEAD is what GET is, without the bodies. */
function headOf(get: Operation): Operation {
  const responses = Object.entries(get.responses).map(([status, { content: _content, ...head }]) => [status, head] as const)
  return {
    ...get,
    operationId: `${get.operationId}Head`,
    summary: 'The head of what GET answers.',
    responses: Object.fromEntries(responses),
  }
}

type Operation = Json & { operationId: string; responses: Record<string, Json> }

function operation(route: RouteDescription, reference: (schema: z.ZodType) => Json): Operation {
  return {
    operationId: route.name,
    summary: route.summary,
    description: describeOperation(route),
    tags: tagsOf(route),
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...(route.body && { requestBody: { required: true, content: { 'application/json': { schema: bodySchema(route.body) } } } }),
    responses: { ...responses(route, reference), ...hostResponses(route) },
    security: route.authLevel === 'anonymous' ? [] : [{ keyHeader: [] }, { keyParameter: [] }],
  }
}

function bodySchema(schema: z.ZodType): Json {
  const { $schema: _schema, ...described } = z.toJSONSchema(schema, { io: 'input' })
  return described
}

function parameters(schema: z.ZodObject, place: 'path' | 'query'): Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' })
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...text } = property as Json
    return { name, in: place, required: required.includes(name), description, schema: text }
  })
}

function responses(route: RouteDescription, reference: (schema: z.ZodType) => Json): Record<string, Json> {
  const answered = Object.entries(route.responses).map(([status, schema]) => {
    const content = { [isProblemSchema(schema) ? PROBLEM_TYPE : 'application/json']: { schema: reference(schema) } }
    const headers = route.responseHeaders?.[Number(status)]
    return [status, { description: describeStatus(status), ...(headers && { headers }), content }] as const
  })
  const own = new Set(Object.keys(route.responses))
  const statuses = [400, ...(route.authLevel === 'anonymous' ? [] : [404]), 500, 503].map(String).filter((status) => !own.has(status))
  const content = { [PROBLEM_TYPE]: { schema: reference(problemSchema) } }
  const problems = statuses.map((status) => {
    const headers = status === '503' && { headers: { 'Retry-After': retryAfterHeader } }
    return [status, { description: describeStatus(status), ...headers, content }] as const
  })
  const notModified: [string, Json][] = route.isConditional ? [['304', notModifiedOf(route)]] : []
  return Object.fromEntries<Json>([...answered, ...notModified, ...problems])
}

const notModifiedOf = ({ responseHeaders = {} }: RouteDescription): Json => ({
  description: 'It is as the ETag in If-None-Match says.',
  headers: responseHeaders[304],
})

const PROBLEM_TYPE = 'application/problem+json'

/**
 * The other media types of a list are told in words: described beside JSON, they would make a text of every answer that a generated client
 * takes.
 */
function describeOperation({ summary, rowFormats = [] }: RouteDescription): string {
  return rowFormats.length === 0 ? summary : `${summary} By format, or Accept, as ${[...new Set(rowFormats)].join(', ')} as well.`
}

/** The Functions host itself refuses a missing or wrong key, with an empty body. */
const hostResponses = (route: RouteDescription): Record<string, Json> =>
  route.authLevel === 'anonymous'
    ? {}
    : {
        401: {
          description: `The ${route.authLevel === 'admin' ? "app's master" : 'function'} key is missing or wrong.`,
          content: { 'text/plain': { schema: { type: 'string', maxLength: 0 } } },
        },
      }

function describeStatus(status: string): string {
  const problems = Object.values(PROBLEMS).filter((problem) => String(problem.status) === status)
  if (status.startsWith('2')) return 'The answer.'
  return problems.map(({ title }) => `${title}.`).join(' ')
}
