import { z } from 'zod'
import { describeRoutes, type NamedSchemas } from '../openapi.ts'
import { appQuery } from '../parameter.ts'
import { defineAppRoute } from '../define-route.ts'
import type { RouteDescription } from '../route.ts'

const description = {
  name: 'openapi',
  method: 'GET',
  path: 'openapi.json',
  summary: 'This description.',
  authLevel: 'function',
  query: appQuery({}),
  params: z.strictObject({}),
  responses: { 200: z.looseObject({ openapi: z.string() }) },
} as const

/** The route that describes these routes and itself. */
export function createOpenapiRoute(routes: readonly RouteDescription[], named: NamedSchemas) {
  return defineAppRoute({
    ...description,
    async handle({ version }, { links }) {
      const baseUrl = links.to('').replace(/\/$/, '')
      return { status: 200, json: describeRoutes([...routes, description], named, { version, baseUrl }) }
    },
  })
}
