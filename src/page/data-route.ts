import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import type { SignIn } from '../config/index.ts'
import type { Endpoint } from '../edge/endpoint.ts'
import { ProblemError, problemOf, type ProblemKind } from '../http/problem.ts'
import { routes } from '../http/routes/route-list.ts'
import type { Access } from './access.ts'
import { below } from './below.ts'
import { PAGE_HEADERS } from './headers.ts'
import { matchRoute } from './match-route.ts'
import { PAGE_ROOT } from './shell-route.ts'
import { accessBySignIn } from './sign-in.ts'

const DATA_ROOT = `${PAGE_ROOT}/data`

/** What can be read, not changed; what takes the master key is not the page's. */
const readable = routes.filter(({ method, authLevel }) => method === 'GET' && authLevel !== 'admin')

/**
 * All reads of the API once more, for the page: a key of this one function opens these and nothing else. Where people sign in, the host asks for no
 * key, as it would ask those who are signed in for one too (https://github.com/Azure/azure-functions-host/issues/11394), and the handler asks who
 * they are.
 */
export const pageDataRoute = (signIn: SignIn): Endpoint => ({
  name: 'pageData',
  method: 'GET',
  path: `${DATA_ROOT}/{*path}`,
  authLevel: signIn === 'entra' ? 'anonymous' : 'function',
  serve: (openProgram, findConnection) => async (request, invocation) => {
    const access = signIn === 'entra' ? accessBySignIn(openProgram(), request.headers) : undefined
    if (access && !access.ok) return withPageHeaders(request, refusalOf(access))
    const matched = matchRoute(readable, below(DATA_ROOT, new URL(request.url).pathname) ?? '')
    if (!matched) return withPageHeaders(request, problem('notFound', 'The page has no such data.'))
    const passed = withParams(request, matched.params)
    return withPageHeaders(request, await matched.route.serve(openProgram, findConnection)(passed, invocation))
  },
})

/** The same request with what the template of its route says of the path. Its class cannot be extended: it keeps what it tells in private fields. */
const withParams = (request: HttpRequest, params: Record<string, string>): HttpRequest =>
  new Proxy(request, { get: (target, name): unknown => (name === 'params' ? params : Reflect.get(target, name, target)) })

/** What an access is refused with. */
export const refusalOf = ({ status, detail }: Extract<Access, { ok: false }>): HttpResponseInit =>
  problem(status === 401 ? 'notSignedIn' : 'forbidden', detail)

/** A problem as an answer. */
export function problem(kind: ProblemKind, detail: string): HttpResponseInit {
  const body = problemOf(new ProblemError(kind, detail))
  return {
    status: body.status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  }
}

/** An answer that a browser takes for nothing but what the page asked for; to HEAD without its body. */
export function withPageHeaders({ method }: HttpRequest, answer: HttpResponseInit): HttpResponseInit {
  const { body, ...head } = answer
  const headers = { ...PAGE_HEADERS, ...(answer.headers as Record<string, string>) }
  return method === 'HEAD' ? { ...head, headers } : { ...head, headers, body }
}
