import { HttpRequest } from '@azure/functions'
import { gunzipSync } from 'node:zlib'
import { decoded } from '../../src/edge/decoded.ts'
import type { Outside } from '../../src/outside.ts'
import { createProgram, type Program } from '../../src/program.ts'
import { routes } from '../../src/http/routes/route-list.ts'
import { expectDescribed } from './openapi.ts'

export const TENANT = '8a0b1f3e-5c4d-4e2f-9a6b-7c8d9e0f1a2b'

export interface Reply {
  status: number
  headers: Headers
  text: string
  /** The parsed body; undefined if it is no JSON. */
  json: Record<string, unknown>
}

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD'
  headers?: Record<string, string>
  body?: string
}

export interface Api {
  program: Program
  /** Calls a route by its path below the host, e.g. `/api/health?code=x`. Every answer is compared with the OpenAPI document. */
  call(path: string, options?: CallOptions): Promise<Reply>
}

export const ORIGIN = 'https://patchtrail.example'

/** The API in this process: requests pass through everything but the Functions host. */
export function createApi(environment: Record<string, string>, outside: Outside): Api {
  return apiOf(createProgram({ DEFENDER_TENANT_ID: TENANT, ...environment }, outside))
}

/** The API of a program. */
export function apiOf(program: Program): Api {
  return {
    program,
    async call(path, { method = 'GET', headers = {}, body: sent } = {}) {
      const url = new URL(path, ORIGIN)
      const found = findRoute(url.pathname, method === 'HEAD' ? 'GET' : method)
      const request = new HttpRequest({
        method,
        url: url.href,
        headers,
        params: found.params,
        ...(sent !== undefined && { body: { string: sent } }),
      })
      const { status = 200, headers: given, body } = await found.route.serve(() => program)(request)
      const response = new Response(body as ConstructorParameters<typeof Response>[0], { status, headers: given as Record<string, string> })
      const bytes = Buffer.from(await response.arrayBuffer())
      const text = (response.headers.get('content-encoding') === 'gzip' ? gunzipSync(bytes) : bytes).toString()
      const isJson = /^application\/(problem\+)?json;/.test(response.headers.get('content-type') ?? '') && text !== ''
      const reply = { status, headers: response.headers, text, json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} }
      expectDescribed(found.route, method, reply)
      return reply
    },
  }
}

type AnyRoute = (typeof routes)[number]

function findRoute(pathname: string, method: string): { route: AnyRoute; params: Record<string, string> } {
  const segments = pathname.replace(/^\/api\//, '').split('/')
  for (const route of routes) {
    const template = route.path.split('/')
    const fits = template.length === segments.length && template.every((part, index) => part.startsWith('{') || part === segments[index])
    if (!fits || route.method !== method) continue
    const values = template.flatMap((part, index) =>
      part.startsWith('{') ? [[part.slice(1, -1), decoded(segments[index] ?? '') ?? segments[index]]] : [],
    )
    return { route, params: Object.fromEntries(values) as Record<string, string> }
  }
  throw new Error(`No route answers ${method} ${pathname}.`)
}
