/** The values of a route's parameters, by name. An optional parameter that was left out is absent. */
export type RouteValues = Record<string, string>

export interface RouteTemplate {
  /** The values of `path`, or undefined if it is not this route's. `path` is the still encoded path of a URL; letter case of literals is ignored. */
  match(path: string): RouteValues | undefined
}

interface Segment {
  kind: 'literal' | 'required' | 'optional' | 'catchAll'
  /** A literal in lower case, or a parameter's name. */
  text: string
}

/**
 * Parses a route as the Functions host's ASP.NET router reads it, of which it knows what functions here use: `machines/{machineId}/history`,
 * `{id?}`, `{*path}`. Throws for anything else, rather than match more or less than the host would.
 */
export function parseRouteTemplate(template: string): RouteTemplate {
  if (template.startsWith('/')) throw new Error(`The route "${template}" must not start with a slash.`)
  const segments = template === '' ? [] : template.split('/').map(parseSegment)
  if (segments.slice(0, -1).some(({ kind }) => kind === 'catchAll'))
    throw new Error(`In the route "${template}" a catch-all parameter is not the last segment.`)
  return { match: (path) => matchSegments(segments, splitPath(path)) }
}

function parseSegment(text: string): Segment {
  if (!/[{}]/.test(text)) return { kind: 'literal', text: text.toLowerCase() }
  const [, name, end] = /^\{(\w+)(\??)\}$/.exec(text) ?? []
  if (name !== undefined) return { kind: end === '?' ? 'optional' : 'required', text: name }
  const [, rest] = /^\{\*(\w+)\}$/.exec(text) ?? []
  if (rest === undefined) throw new Error(`The route segment "${text}" cannot be read; the local host knows {name}, {name?} and {*name}.`)
  return { kind: 'catchAll', text: rest }
}

function splitPath(path: string): string[] {
  const segments = path.replace(/^\//, '').split('/')
  // One slash at the end makes no difference, as in ASP.NET.
  if (segments.at(-1) === '') segments.pop()
  return segments.map(decodeSegment)
}

/** Decodes `%..` except an encoded slash, which Kestrel leaves as it is; what is no valid encoding stays as it came. */
function decodeSegment(segment: string): string {
  try {
    return segment
      .split(/(%2f)/i)
      .map((part, index) => (index % 2 ? part : decodeURIComponent(part)))
      .join('')
  } catch {
    return segment
  }
}

function matchSegments(segments: Segment[], path: string[]): RouteValues | undefined {
  const values: RouteValues = {}
  for (const [index, { kind, text }] of segments.entries()) {
    if (kind === 'catchAll') {
      const rest = path.slice(index).join('/')
      return rest === '' ? values : { ...values, [text]: rest }
    }
    const given = path[index]
    if (given === undefined && kind === 'optional') continue
    if (!given || (kind === 'literal' && given.toLowerCase() !== text)) return undefined
    if (kind !== 'literal') values[text] = given
  }
  return path.length > segments.length ? undefined : values
}
