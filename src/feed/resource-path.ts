import { decoded } from '../edge/decoded.ts'
import { quote } from '../edge/quote.ts'
import { badRequest, FeedError, notImplemented } from './feed-error.ts'
import type { Expression } from './filter/expression.ts'
import { type EntitySet, NAMESPACE } from './model.ts'
import { type FeedSet, feedSets } from './sets/index.ts'

/** What a path below the feed's root means. */
export type Resource =
  | { kind: 'service' }
  | { kind: 'metadata' }
  | { kind: 'rows'; feedSet: FeedSet }
  | { kind: 'count'; feedSet: FeedSet }
  /** One row; `filter` takes it and no other. */
  | { kind: 'row'; feedSet: FeedSet; filter: Expression }
  /** One property of one row, in JSON, or as text behind `$value`. */
  | (PropertyOfRow & { kind: 'property' })
  | (PropertyOfRow & { kind: 'value' })

/** A property of the row that a filter takes, and of the address of that row. */
export interface PropertyOfRow {
  feedSet: FeedSet
  filter: Expression
  name: string
  row: string
}

/** The path behind the root, as it is in the URL: `''`, `/`, `/$metadata`, `/MissingKbs/$count`, `/Kbs('5094127')`. Throws a `FeedError`. */
export function readResource(path: string): Resource {
  const [first = '', ...rest] = segmentsOf(path.replace(/^\//, '').replace(/\/$/, '')).map(decode)
  if (first === '' && rest.length === 0) return { kind: 'service' }
  if (first === '$metadata' && rest.length === 0) return { kind: 'metadata' }
  if (/^\$(batch|all|entity|crossjoin\(.*\))$/s.test(first)) throw notImplemented(`${quote(first)} is not supported.`)
  const resource = readSet(first, rest)
  if (resource) return resource
  throw new FeedError('NotFound', `The feed has nothing at ${quote(path)}; ${whatThereIs(first, rest)}.`)
}

/** What is between slashes. One between quotes is a character of a key: clients leave it as it is, or encode it. */
function segmentsOf(path: string): string[] {
  const segments = ['']
  let isQuoted = false
  for (const [token] of path.matchAll(/%27|[^%/']+|./gsu)) {
    if (token === "'" || token === '%27') isQuoted = !isQuoted
    if (token === '/' && !isQuoted) segments.push('')
    else segments.push((segments.pop() ?? '') + token)
  }
  return segments
}

function readSet(first: string, rest: readonly string[]): Resource | undefined {
  const [, setName = '', keyText] = /^([^(]*)(\(.*\))?$/s.exec(first) ?? []
  const feedSet = feedSets.find(({ set }) => set.name === setName)
  if (!feedSet) return undefined
  const isRow = keyText !== undefined
  if (!isRow && rest.join('/') === '$count') return { kind: 'count', feedSet }
  if (rest.length === 0) return isRow ? { kind: 'row', feedSet, filter: readKey(keyText, feedSet.set) } : { kind: 'rows', feedSet }
  const [name = '', ...more] = rest
  if (isRow && feedSet.set.properties.some((property) => property.name === name) && ['', '$value'].includes(more.join('/'))) {
    const kind = more.length === 0 ? 'property' : 'value'
    return { kind, feedSet, filter: readKey(keyText, feedSet.set), name, row: first }
  }
  refuseUnsupported(feedSet.set, isRow, rest)
  return undefined
}

/** Refuses what may be behind a set or a row in OData, and is not in the feed. */
function refuseUnsupported({ typeName }: EntitySet, isRow: boolean, [part = '', ...more]: readonly string[]): void {
  const isKnown = part === '$ref' || part === `${NAMESPACE}.${typeName}` || (!isRow && /^\$(each|query|filter\(.*\))$/s.test(part))
  if (isKnown && more.length === 0) throw notImplemented(`${quote(part)} is not supported.`)
}

/** What there is as far as a path is right. */
function whatThereIs(first: string, [name]: readonly string[]): string {
  const [setName = '', key] = first.split('(', 2)
  const set = feedSets.find((feedSet) => feedSet.set.name === setName)?.set
  if (!set) return `it has ${feedSets.map((feedSet) => feedSet.set.name).join(', ')}`
  if (key === undefined || !first.endsWith(')')) return `behind ${set.name} there is $count, and a row is ${addressesOf(set)}`
  if (set.properties.some((property) => property.name === name)) return 'behind a property there is $value'
  return `a row of ${set.name} has ${set.properties.map((property) => property.name).join(', ')}`
}

function decode(segment: string): string {
  const text = decoded(segment)
  if (text === undefined) throw badRequest(`${quote(segment)} is not encoded as a path is.`)
  return text
}

/** A key and what follows it: `'a'`, or `kbId='a'`; quotes within are doubled. */
const KEY_VALUE = / *(?:(\w+) *= *)?'((?:[^']|'')*)' *(,|$)/y

/** `('a')`, `(kbId='a')` or `(snapshotId='a',kbId='b')` as a filter: every key property, all of which are texts, equals one. */
function readKey(parenthesised: string, set: EntitySet): Expression {
  const text = parenthesised.slice(1, -1)
  const values = new Map<string, string>()
  let position = 0
  for (let more = true; more;) {
    KEY_VALUE.lastIndex = position
    const [whole = '', name = set.key.length === 1 ? set.key[0] : undefined, value = '', comma] = KEY_VALUE.exec(text) ?? []
    if (whole === '' || name === undefined || values.has(name) || !set.key.includes(name)) throw wrongKey(set)
    values.set(name, value.replaceAll("''", "'"))
    position += whole.length
    more = comma === ','
  }
  if (values.size !== set.key.length) throw wrongKey(set)
  const operands = [...values].map(([name, value]): Expression => ({
    kind: 'compare',
    operator: 'eq',
    left: { kind: 'property', name },
    right: { kind: 'literal', type: 'text', value },
  }))
  return { kind: 'and', operands }
}

const wrongKey = (set: EntitySet) => badRequest(`A row of ${set.name} is addressed as ${addressesOf(set)}.`)

function addressesOf({ name, key }: EntitySet): string {
  const named = key.map((property) => `${property}='…'`).join(',')
  return `${name}(${named})${key.length === 1 ? ` or ${name}('…')` : ''}`
}
