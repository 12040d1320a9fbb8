import { callerParameters } from '../edge/caller-parameters.ts'
import { quote } from '../edge/quote.ts'
import { badRequest, FeedError, notImplemented } from './feed-error.ts'
import type { Expression } from './filter/expression.ts'
import { parseFilter } from './filter/parse-filter.ts'
import type { EntitySet } from './model.ts'
import type { Resource } from './resource-path.ts'
import type { SortKey } from './read/sort-rows.ts'

/** Options of OData that the feed does not have. https://docs.oasis-open.org/odata/odata/v4.0/odata-v4.0-part2-url-conventions.html#_System_Query_Options */
const UNSUPPORTED: readonly string[] = [
  '$expand',
  '$apply',
  '$search',
  '$compute',
  '$levels',
  '$index',
  '$schemaversion',
  '$deltatoken',
  '$id',
  '$entityid',
]

/** Options that go with each kind of resource. Any other one is refused: it would be ignored, and the answer wider than asked for. */
const OPTIONS: Record<Resource['kind'], readonly string[]> = {
  service: ['$format'],
  metadata: ['$format'],
  rows: ['$filter', '$select', '$orderby', '$top', '$skip', '$count', '$format', '$skiptoken'],
  row: ['$select', '$format'],
  property: ['$format'],
  value: [],
  count: ['$filter'],
}

/** The options of a request by name, checked to be ones that its resource has. Names come decoded: `%24filter` is `$filter`. */
export type OptionTexts = ReadonlyMap<string, string>

/** Control characters but the tab, which is a space of OData. */
const REFUSED_CHARACTER = /[^\P{Cc}\t]/u

export function readOptionTexts(url: URL, kind: Resource['kind']): OptionTexts {
  const texts = new Map<string, string>()
  for (const [name, text] of callerParameters(url, REFUSED_CHARACTER)) {
    if (texts.has(name)) throw new FeedError('RepeatedOption', `${quote(name)} may be given once only.`)
    if (name !== 'tenantId' && !OPTIONS[kind].includes(name)) throw unknown(name, kind)
    texts.set(name, text)
  }
  return texts
}

function unknown(name: string, kind: Resource['kind']): FeedError {
  if (UNSUPPORTED.includes(name) || name.startsWith('@')) return notImplemented(`${quote(name)} is not supported.`)
  return new FeedError('UnknownOption', `${quote(name)} is not an option here. Options: ${[...OPTIONS[kind], 'tenantId'].join(', ')}.`)
}

/** What a request for rows asks for. */
export interface RowsQuery {
  filter: Expression | undefined
  /** undefined for all. */
  select: readonly string[] | undefined
  orderBy: readonly SortKey[]
  top: number
  skip: number
  count: boolean
}

export function readRowsQuery(texts: OptionTexts, set: EntitySet, nowMs: number): RowsQuery {
  const filter = texts.get('$filter')
  return {
    filter: filter === undefined ? undefined : parseFilter(filter, nowMs),
    select: readSelect(texts.get('$select'), set),
    orderBy: readOrderBy(texts.get('$orderby'), set),
    top: readCount(texts, '$top') ?? Infinity,
    skip: readCount(texts, '$skip') ?? 0,
    count: readBoolean(texts, '$count'),
  }
}

/** Names in the order of the set, without repetitions. */
export function readSelect(text: string | undefined, set: EntitySet): readonly string[] | undefined {
  if (text === undefined) return undefined
  const names = text.split(',').map((name) => name.trim())
  for (const name of names) {
    if (name !== '*') requireProperty(name, set, '$select')
  }
  return names.includes('*') ? undefined : set.properties.map(({ name }) => name).filter((name) => names.includes(name))
}

/** What is no property but may well be an expression: calls, paths, and operators between, or before, something. */
const EXPRESSION = /[()/]|^(?:-|not +)\S|\S +(?:add|sub|mul|div|divby|mod|has|in|eq|ne|gt|ge|lt|le|and|or) +\S/

function readOrderBy(text: string | undefined, set: EntitySet): SortKey[] {
  if (text === undefined) return []
  return text.split(',').map((item) => {
    const [property = '', direction = 'asc', ...more] = item.trim().split(/ +/)
    if (EXPRESSION.test(item.trim())) throw notImplemented('$orderby takes properties only, no expressions.')
    const { type } = requireProperty(property, set, '$orderby')
    if (more.length > 0 || !['asc', 'desc'].includes(direction))
      throw badRequest(`$orderby cannot be read at ${quote(item.trim())}; a property may be followed by asc or desc.`)
    return { property, isInstant: type === 'Edm.DateTimeOffset', descending: direction === 'desc' }
  })
}

function requireProperty(name: string, set: EntitySet, option: string) {
  const property = set.properties.find((candidate) => candidate.name === name)
  if (property) return property
  if (name.includes('/')) throw notImplemented(`${option}: there are no paths in the feed, as in ${quote(name)}.`)
  throw badRequest(`${option}: ${set.name} has no property ${quote(name)}; it has ${set.properties.map((known) => known.name).join(', ')}.`)
}

function readCount(texts: OptionTexts, name: '$top' | '$skip'): number | undefined {
  const text = texts.get(name)
  if (text === undefined) return undefined
  if (/^\d{1,10}$/.test(text)) return Number(text)
  throw badRequest(`${name} must be a whole number from 0 on; got ${quote(text)}.`)
}

function readBoolean(texts: OptionTexts, name: string): boolean {
  const text = texts.get(name) ?? 'false'
  if (text !== 'true' && text !== 'false') throw badRequest(`${name} must be true or false; got ${quote(text)}.`)
  return text === 'true'
}
