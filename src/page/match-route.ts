import { decoded } from '../edge/decoded.ts'
import type { Endpoint } from '../edge/endpoint.ts'

export interface MatchedRoute<R> {
  route: R
  params: Record<string, string>
}

/**
 * The first route whose template fits a path, with what stands in its braces, as the Functions host would have it: `machines/{machineId}/history`
 * in any letter case, with or without a slash at its end.
 */
export function matchRoute<R extends Pick<Endpoint, 'path'>>(routes: readonly R[], path: string): MatchedRoute<R> | undefined {
  const parts = path.replace(/\/$/, '').split('/')
  for (const route of routes) {
    const params = paramsOf(route.path.split('/'), parts)
    if (params) return { route, params }
  }
  return undefined
}

function paramsOf(template: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (template.length !== parts.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, wanted] of template.entries()) {
    const part = asHostReads(parts[index] ?? '')
    const name = /^\{(\w+)\}$/.exec(wanted)?.[1]
    if (part === '' || (name === undefined && wanted !== part.toLowerCase())) return undefined
    if (name !== undefined) params[name] = part
  }
  return params
}

/** Without percent-encoding, except that of a slash, which the host leaves as it is; what is no valid encoding stays as it came, to be refused. */
function asHostReads(part: string): string {
  const pieces = part.split(/(%2f)/i).map((piece, index) => (index % 2 === 1 ? piece : decoded(piece)))
  return pieces.includes(undefined) ? part : pieces.join('')
}
