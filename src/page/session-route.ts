import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import type { SignIn } from '../config/index.ts'
import type { Endpoint } from '../edge/endpoint.ts'
import type { Program } from '../program.ts'
import { withPageHeaders } from './data-route.ts'
import { PAGE_ROOT } from './shell-route.ts'
import { accessBySignIn } from './sign-in.ts'

/** What the page is told before it asks for anything: how people get in, and what the one who asks may. */
export interface Session {
  signIn: SignIn
  user?: string
  /** Undefined where only a key will tell. */
  may?: { read: boolean; sync: boolean }
  /** Where to sign in; the page adds where to come back to. */
  signInUrl?: string
  /** Why the one who asks may nothing. */
  detail?: string
}

/** Of App Service authentication. https://learn.microsoft.com/azure/app-service/configure-authentication-customize-sign-in-out */
const SIGN_IN_URL = '/.auth/login/aad'

/** Who asks, and how people get in: nothing of a tenant. */
export const pageSessionRoute = (signIn: SignIn): Endpoint => ({
  name: 'pageSession',
  method: 'GET',
  path: `${PAGE_ROOT}/session`,
  authLevel: 'anonymous',
  serve: (openProgram) => async (request) => answer(request, sessionOf(signIn, openProgram, request)),
})

function sessionOf(signIn: SignIn, openProgram: () => Program, { headers }: HttpRequest): Session {
  if (signIn !== 'entra') return { signIn }
  const access = accessBySignIn(openProgram(), headers)
  if (!access.ok)
    return {
      signIn,
      may: { read: false, sync: false },
      detail: access.detail,
      ...(access.status === 401 && { signInUrl: SIGN_IN_URL }),
    }
  return { signIn, ...(access.name !== undefined && { user: access.name }), may: { read: access.mayRead, sync: access.maySync } }
}

const answer = (request: HttpRequest, session: Session): HttpResponseInit =>
  withPageHeaders(request, {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(session),
  })
