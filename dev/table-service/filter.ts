import { LIMITS } from './limits.ts'
import { ServiceError } from './service-error.ts'

export type Operator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'

/** A constant of a filter. Int64s are kept as text, instants as milliseconds. */
export type Literal =
  | { type: 'string' | 'guid' | 'long'; value: string }
  | { type: 'number'; value: number }
  | { type: 'instant'; value: number }
  | { type: 'boolean'; value: boolean }

export type Filter =
  | { kind: 'comparison'; property: string; operator: Operator; literal: Literal }
  | { kind: 'and' | 'or'; left: Filter; right: Filter }
  | { kind: 'not'; operand: Filter }

const TOKEN = new RegExp(
  [
    String.raw`\s*(?:`,
    String.raw`(?<paren>[()])`,
    String.raw`|(?<quoted>(?<prefix>datetime|guid)?'(?<text>(?:[^']|'')*)')`,
    String.raw`|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?<long>L)?`,
    String.raw`|(?<word>[A-Za-z_]\w*)`,
    ')',
  ].join(''),
  'y',
)

const OPERATORS: ReadonlySet<string> = new Set<Operator>(['eq', 'ne', 'gt', 'ge', 'lt', 'le'])

type Token = { kind: 'paren' | 'word'; text: string } | { kind: 'literal'; literal: Literal }

/**
 * Reads a `$filter`: `PartitionKey eq 'a' and (RowKey gt 'b' or not (state eq 'removed'))`.
 * Throws `InvalidInput` where it is no filter, or has more comparisons than the service takes.
 */
export function parseFilter(text: string): Filter {
  const parser = new Parser(tokensOf(text))
  const filter = parser.either()
  if (!parser.atEnd) throw new ServiceError('InvalidInput', `filter goes on after its end: ${text}`)
  if (parser.comparisons > LIMITS.filterComparisons) throw new ServiceError('InvalidInput', `${parser.comparisons} comparisons in a filter`)
  return filter
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const source = text.trimEnd()
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < source.length;) {
    const at = TOKEN.lastIndex
    const groups = TOKEN.exec(source)?.groups
    if (!groups) throw new ServiceError('InvalidInput', `filter is not understood at ${at}: ${text}`)
    tokens.push(tokenOf(groups))
  }
  return tokens
}

function tokenOf(groups: Record<string, string | undefined>): Token {
  if (groups['paren'] !== undefined) return { kind: 'paren', text: groups['paren'] }
  if (groups['quoted'] !== undefined)
    return { kind: 'literal', literal: quoted(groups['prefix'], (groups['text'] ?? '').replaceAll("''", "'")) }
  if (groups['long'] !== undefined) return { kind: 'literal', literal: { type: 'long', value: groups['number'] ?? '' } }
  if (groups['number'] !== undefined) return { kind: 'literal', literal: { type: 'number', value: Number(groups['number']) } }
  const word = groups['word'] ?? ''
  if (word === 'true' || word === 'false') return { kind: 'literal', literal: { type: 'boolean', value: word === 'true' } }
  return { kind: 'word', text: word }
}

function quoted(prefix: string | undefined, text: string): Literal {
  if (prefix === 'guid') return { type: 'guid', value: text.toLowerCase() }
  if (prefix === 'datetime') return { type: 'instant', value: Date.parse(text) }
  return { type: 'string', value: text }
}

/** By descent: `or` binds weakest, then `and`, then `not`. */
class Parser {
  comparisons = 0
  #at = 0
  readonly #tokens: readonly Token[]

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get atEnd(): boolean {
    return this.#at === this.#tokens.length
  }

  either(): Filter {
    let left = this.#both()
    while (this.#take('or')) left = { kind: 'or', left, right: this.#both() }
    return left
  }

  #both(): Filter {
    let left = this.#one()
    while (this.#take('and')) left = { kind: 'and', left, right: this.#one() }
    return left
  }

  #one(): Filter {
    if (this.#take('not')) return { kind: 'not', operand: this.#one() }
    if (!this.#take('(')) return this.#comparison()
    const inner = this.either()
    if (!this.#take(')')) throw new ServiceError('InvalidInput', 'a parenthesis is not closed')
    return inner
  }

  #comparison(): Filter {
    const [property, operator, literal] = this.#tokens.slice(this.#at, this.#at + 3)
    if (property?.kind !== 'word' || operator?.kind !== 'word' || literal?.kind !== 'literal' || !OPERATORS.has(operator.text)) {
      throw new ServiceError('InvalidInput', `token ${this.#at} of the filter begins no comparison`)
    }
    this.#at += 3
    this.comparisons++
    return { kind: 'comparison', property: property.text, operator: operator.text as Operator, literal: literal.literal }
  }

  #take(text: string): boolean {
    const token = this.#tokens[this.#at]
    if (!token || token.kind === 'literal' || token.text !== text) return false
    this.#at++
    return true
  }
}
