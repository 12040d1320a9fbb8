import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import { routes } from '../../src/http/index.ts'
import { describeRoutes } from '../../src/http/openapi.ts'
import { namedSchemas } from '../../src/http/routes/index.ts'

type Operation = { responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }> }

/** The document as the API gives it. */
export const openapiDocument = JSON.parse(
  JSON.stringify(describeRoutes(routes, namedSchemas, { version: '0', baseUrl: 'https://patchtrail.example/api' })),
) as { paths: Record<string, Record<string, Operation>> } & Record<string, unknown>

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema({ ...openapiDocument, $id: 'openapi' })

/** Fails the test if an answer is not one that the OpenAPI document describes. */
export function expectDescribed(
  route: { path: string; method: string; name: string },
  reply: { status: number; headers: Headers; json: unknown },
): void {
  const operation = openapiDocument.paths[`/${route.path}`]?.[route.method.toLowerCase()]
  const response = operation?.responses[String(reply.status)]
  expect(response, `${route.name} describes no ${reply.status}`).toBeDefined()
  const mediaType = reply.headers.get('content-type')?.split(';')[0] ?? ''
  const described = response?.content?.[mediaType]
  expect(described, `${route.name} ${reply.status} describes no ${mediaType}`).toBeDefined()
  const { $ref } = described?.schema ?? {}
  if ($ref === undefined) return
  const valid = ajv.validate({ $ref: `openapi${$ref}` }, reply.json)
  expect(valid ? [] : ajv.errors, `${route.name} ${reply.status} ${JSON.stringify(reply.json).slice(0, 500)}`).toEqual([])
}
