import functions from '@azure/functions'
import { feedRoute } from '../../src/feed/index.ts'
import { routes } from '../../src/http/routes/route-list.ts'
import type { OneTenantServices } from '../../src/program.ts'

export interface Reply {
  status: number
  text: string
}

const ORIGIN = 'https://patchtrail.example'

/** Asks the program by HTTP, without a host or a socket between. */
export async function ask(services: OneTenantServices, path: string): Promise<Reply> {
  const url = new URL(`/api/${path}`, ORIGIN)
  const { route, params } = findRoute(url.pathname)
  const program = { kind: 'ready', services, outside: services.outside, reported: true } as const
  const { status = 200, body } = await route.serve(() => program)(new functions.HttpRequest({ method: 'GET', url: url.href, params }))
  // What a body may be for the Functions host, a Response takes.
  const text = await new Response(body as ConstructorParameters<typeof Response>[0]).text()
  return { status, text }
}

function findRoute(pathname: string) {
  const segments = pathname.replace('/api/', '').split('/')
  for (const route of routes) {
    const template = route.path.split('/')
    const fits = template.length === segments.length && template.every((part, index) => part.startsWith('{') || part === segments[index])
    if (!fits || route.method !== 'GET') continue
    const named = template.map((part, index) => [part.slice(1, -1), decodeURIComponent(segments[index] ?? '')] as const)
    return { route, params: Object.fromEntries(named.filter((_, index) => template[index]?.startsWith('{'))) }
  }
  return { route: feedRoute, params: {} }
}
