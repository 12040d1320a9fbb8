import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import { namedSchemas, routes } from '../../src/http/routes/route-list.ts'
import { describeRoutes } from '../../src/http/openapi.ts'

type Operation = {
  description?: string
  tags?: string[]
  responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }>; headers?: Record<string, { required?: boolean }> }>
}

/** The document as the API gives it. */
export const openapiDocument = JSON.parse(
  JSON.stringify(describeRoutes(routes, namedSchemas, { version: '0', baseUrl: 'https://patchtrail.example/api' })),
) as { paths: Record<string, Record<string, Operation>> } & Record<string, unknown>

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema({ ...(closed(openapiDocument) as object), $id: 'openapi' })

/**
 * The document without the freedom to add fields, which clients have to allow and this version does not use: a field that is answered and
 * not described fails a test. What says itself that it may hold others, as problems do, stays open.
 */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed)
  if (typeof part !== 'object' || part === null) return part
  const own = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, closed(value)]))
  return own['type'] === 'object' && 'properties' in own ? { additionalProperties: false, ...own } : own
}

/** The headers that tell something of one answer; the others are the same on all. */
const TELLING = ['etag', 'link', 'location', 'retry-after']

/** Fails the test if an answer is not one that the OpenAPI document describes. */
export function expectDescribed(
  route: { path: string; name: string },
  method: string,
  reply: { status: number; headers: Headers; json: unknown },
): void {
  const operation = openapiDocument.paths[`/${route.path}`]?.[method.toLowerCase()]
  const response = operation?.responses[String(reply.status)]
  expect(response, `${route.name} describes no ${reply.status}`).toBeDefined()
  const headers = Object.entries(response?.headers ?? {}).map(([name, { required }]) => ({ name: name.toLowerCase(), required }))
  const given = TELLING.filter((name) => reply.headers.has(name))
  expect(
    headers.map(({ name }) => name),
    `${route.name} ${reply.status} describes its headers`,
  ).toEqual(expect.arrayContaining(given))
  expect(given, `${route.name} ${reply.status} has its headers`).toEqual(
    expect.arrayContaining(headers.filter(({ required }) => required).map(({ name }) => name)),
  )
  if (method === 'HEAD' || reply.status === 304) return
  const mediaType = reply.headers.get('content-type')?.split(';')[0] ?? ''
  // The other formats of a list are told in words.
  if (reply.status === 200 && operation?.description?.includes(mediaType)) return
  const described = response?.content?.[mediaType]
  expect(described, `${route.name} ${reply.status} describes no ${mediaType}`).toBeDefined()
  const { $ref } = described?.schema ?? {}
  if ($ref === undefined) return
  // By its address, and not by an object that has it: each object would be compiled anew.
  const valid = ajv.validate(`openapi${$ref}`, reply.json)
  expect(valid ? [] : ajv.errors, `${route.name} ${reply.status} ${JSON.stringify(reply.json).slice(0, 500)}`).toEqual([])
}
