/** A `$filter` that Defender would refuse with 400 `ODataError`. */
export class FilterError extends Error {
  override name = 'FilterError'
}

type Value = string | number | boolean | null
type Row = Readonly<Record<string, unknown>>
type Predicate = (row: Row) => boolean

/** Documented as filterable: https://learn.microsoft.com/defender-endpoint/api/get-machines. Left out: machineTags, which needs lambdas. */
const PROPERTIES: Readonly<Record<string, 'text' | 'instant' | 'number'>> = {
  computerDnsName: 'text',
  id: 'text',
  version: 'text',
  deviceValue: 'text',
  aadDeviceId: 'text',
  lastSeen: 'instant',
  exposureLevel: 'text',
  onboardingStatus: 'text',
  lastIpAddress: 'text',
  healthStatus: 'text',
  osPlatform: 'text',
  riskScore: 'text',
  rbacGroupId: 'number',
}

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
}

/**
 * The subset of OData that is documented, or used by others, for machines: comparisons, and/or/not, parentheses, startswith.
 * The case of properties and of text does not matter, as reported of the real API. Throws FilterError.
 *
 * `startswith(computerDnsName,'ws-') and not (riskScore eq 'None' or lastSeen lt 2026-03-01T00:00:00Z)`
 */
export function parseFilter(text: string): Predicate {
  const tokens = new Tokens(text)
  const predicate = disjunction(tokens)
  tokens.expectEnd()
  return predicate
}

function disjunction(tokens: Tokens): Predicate {
  const terms = [conjunction(tokens)]
  while (tokens.takeWord('or')) terms.push(conjunction(tokens))
  return (row) => terms.some((term) => term(row))
}

function conjunction(tokens: Tokens): Predicate {
  const terms = [negation(tokens)]
  while (tokens.takeWord('and')) terms.push(negation(tokens))
  return (row) => terms.every((term) => term(row))
}

function negation(tokens: Tokens): Predicate {
  if (tokens.takeWord('not')) {
    const inner = negation(tokens)
    return (row) => !inner(row)
  }
  if (tokens.takeMark('(')) {
    const inner = disjunction(tokens)
    tokens.expectMark(')')
    return inner
  }
  return tokens.takeWord('startswith') ? startsWith(tokens) : comparison(tokens)
}

function startsWith(tokens: Tokens): Predicate {
  tokens.expectMark('(')
  const { name, type } = property(tokens.next())
  tokens.expectMark(',')
  const prefix = literal(tokens.next())
  tokens.expectMark(')')
  if (type !== 'text' || typeof prefix !== 'string') throw new FilterError('startswith needs a text property and a text')
  return (row) => textOf(row[name])?.toLowerCase().startsWith(prefix.toLowerCase()) ?? false
}

function comparison(tokens: Tokens): Predicate {
  const { name, type } = property(tokens.next())
  const operator = tokens.next()
  const holds = OPERATORS[operator.text.toLowerCase()]
  if (operator.kind !== 'word' || !holds) throw new FilterError(`'${operator.text}' is not a comparison`)
  const wanted = comparable(type, literal(tokens.next()))
  return (row) => {
    const found = comparable(type, scalarOf(row[name]))
    // Null is equal to null, different from all else, and neither less nor greater.
    if (found === null || wanted === null) return found === wanted ? holds(0) : operator.text.toLowerCase() === 'ne'
    return holds(found < wanted ? -1 : found > wanted ? 1 : 0)
  }
}

function property(token: Token): { name: string; type: 'text' | 'instant' | 'number' } {
  const found = Object.entries(PROPERTIES).find(([name]) => name.toLowerCase() === token.text.toLowerCase())
  if (token.kind !== 'word' || !found) throw new FilterError(`Could not find a property named '${token.text}'`)
  return { name: found[0], type: found[1] }
}

function literal(token: Token): Value {
  if (token.kind === 'text') return token.text
  if (token.kind === 'word') {
    if (token.text === 'null') return null
    if (/^-?\d+(\.\d+)?$/.test(token.text)) return Number(token.text)
    // `2018-08-01Z` is in Microsoft's examples, though no JavaScript engine need understand it.
    const instant = Date.parse(token.text.replace(/^(\d{4}-\d{2}-\d{2})Z$/, '$1'))
    if (/^\d{4}-\d{2}-\d{2}/.test(token.text) && !Number.isNaN(instant)) return new Date(instant).toISOString()
  }
  throw new FilterError(`'${token.text}' is not a value`)
}

function comparable(type: 'text' | 'instant' | 'number', value: Value): string | number | null {
  if (value === null) return null
  if (type === 'text' && typeof value === 'string') return value.toLowerCase()
  const number = type === 'instant' ? Date.parse(String(value)) : Number(value)
  if (type === 'text' || Number.isNaN(number)) throw new FilterError(`A ${type} cannot be compared with '${String(value)}'`)
  return number
}

function scalarOf(value: unknown): Value {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

interface Token {
  kind: 'mark' | 'text' | 'word' | 'end'
  text: string
}

class Tokens {
  readonly #tokens: Token[] = []
  #at = 0

  constructor(text: string) {
    // A mark, a quoted text in which a doubled quote stands for one, or a word: name, operator, number, instant.
    const pattern = /\s*(?:([(),])|'((?:[^']|'')*)'|([^\s(),']+))/y
    while (text.slice(pattern.lastIndex).trim() !== '') {
      const match = pattern.exec(text)
      if (!match) throw new FilterError(`Syntax error in '${text}'`)
      const [, mark, quoted, word] = match
      if (mark !== undefined) this.#tokens.push({ kind: 'mark', text: mark })
      else if (quoted !== undefined) this.#tokens.push({ kind: 'text', text: quoted.replaceAll("''", "'") })
      else this.#tokens.push({ kind: 'word', text: word ?? '' })
    }
  }

  next(): Token {
    return this.#tokens[this.#at++] ?? { kind: 'end', text: '' }
  }

  takeWord(word: string): boolean {
    return this.#take('word', word)
  }

  takeMark(mark: string): boolean {
    return this.#take('mark', mark)
  }

  expectMark(mark: string): void {
    if (!this.takeMark(mark)) throw new FilterError(`'${mark}' expected`)
  }

  expectEnd(): void {
    const rest = this.next()
    if (rest.kind !== 'end') throw new FilterError(`'${rest.text}' was not expected`)
  }

  #take(kind: Token['kind'], text: string): boolean {
    const token = this.#tokens[this.#at]
    const isIt = token?.kind === kind && token.text.toLowerCase() === text
    if (isIt) this.#at++
    return isIt
  }
}
