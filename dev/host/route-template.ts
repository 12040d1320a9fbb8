import { parseConstraint } from './route-constraint.ts'

/** The values of a route's parameters, by name. An optional parameter that was left out is absent. */
export type RouteValues = Record<string, string>

export interface RouteTemplate {
  /** The values of `path`, or undefined if it is not this route's. `path` is the still encoded path of a URL; letter case of literals is ignored. */
  match(path: string): RouteValues | undefined
}

interface Parameter {
  name: string
  optional: boolean
  catchAll: boolean
  defaultValue: string | undefined
  checks: ((value: string) => boolean)[]
}

interface Segment {
  pattern: RegExp
  parameters: Parameter[]
}

/**
 * Parses a route as the Functions host's ASP.NET router reads it: `machines/{machineId}/missing-kbs`, `{id?}`, `{id:int:min(1)}`, `{id=7}`,
 * `{*path}`, and literals round a parameter, as in `Changes({key})`. Throws where the host would refuse the function.
 */
export function parseRouteTemplate(template: string): RouteTemplate {
  if (template.startsWith('/')) throw new Error(`The route "${template}" must not start with a slash.`)
  const segments = splitSegments(template).map(parseSegment)
  const misplaced = segments.slice(0, -1).some((segment) => segment.parameters.some((parameter) => parameter.catchAll))
  if (misplaced) throw new Error(`In the route "${template}" a catch-all parameter is not the last segment.`)
  return { match: (path) => matchSegments(segments, splitPath(path)) }
}

/** Splits at slashes outside of braces: a `regex(...)` may hold one. */
function splitSegments(template: string): string[] {
  return template === '' ? [] : template.split(/\/(?![^{}]*\})/)
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

function parseSegment(text: string): Segment {
  const parameters: Parameter[] = []
  // 'Changes({key:int})' -> ['Changes(', 'key:int', ')']; a doubled brace stands for itself.
  const parts = text.split(/\{((?:[^{}]|\{\{|\}\})+)\}/)
  const source = parts.map((part, index) => {
    if (index % 2 === 0) return escapeLiteral(part)
    parameters.push(parseParameter(part))
    return '(.+?)'
  })
  if (parts.length > 3 && parameters.some((parameter) => parameter.optional || parameter.catchAll)) {
    throw new Error(`The route segment "${text}" mixes an optional or catch-all parameter with others.`)
  }
  return { pattern: new RegExp(`^${source.join('')}$`, 'is'), parameters }
}

function escapeLiteral(text: string): string {
  if (/[{}]/.test(text)) throw new Error(`The route segment "${text}" has a brace without its partner.`)
  return text.replace(/[\\^$.*+?()[\]|]/g, '\\$&')
}

/** From `*path`, `id?`, `id:int:min(1)` or `id=7`. */
function parseParameter(text: string): Parameter {
  const [, stars = '', name = '', constraintText = '', defaultValue, question = ''] =
    /^(\*{0,2})(\w+)((?::\w+(?:\(.*?\))?)*)(?:=([^?]*))?(\?)?$/s.exec(text.replaceAll('{{', '{').replaceAll('}}', '}')) ?? []
  if (!name) throw new Error(`The route parameter "{${text}}" cannot be read.`)
  const checks = [...constraintText.matchAll(/:(\w+(?:\(.*?\)(?=:|$))?)/gs)].map(([, constraint = '']) => parseConstraint(constraint))
  return { name, optional: question !== '' || defaultValue !== undefined, catchAll: stars !== '', defaultValue, checks }
}

function matchSegments(segments: Segment[], path: string[]): RouteValues | undefined {
  const values: RouteValues = {}
  for (const [index, segment] of segments.entries()) {
    const [first] = segment.parameters
    const text = first?.catchAll ? path.slice(index).join('/') : path[index]
    if (text === undefined || (first?.catchAll && text === '')) {
      if (!first?.optional && !first?.catchAll) return undefined
      if (first.defaultValue !== undefined) values[first.name] = first.defaultValue
      continue
    }
    if (!matchSegment(segment, text, values)) return undefined
    if (first?.catchAll) return values
  }
  return path.length > segments.length ? undefined : values
}

function matchSegment(segment: Segment, text: string, values: RouteValues): boolean {
  const found = segment.pattern.exec(text)
  if (!found) return false
  return segment.parameters.every((parameter, index) => {
    const value = found[index + 1] ?? ''
    values[parameter.name] = value
    return parameter.checks.every((check) => check(value))
  })
}
