import { quote } from '../../edge/quote.ts'
import type { Arithmetic, Comparison, Expression, Literal } from './expression.ts'
import { constantsAt } from './functions.ts'
import { invalidFilter, type Token, tokensOf } from './tokens.ts'
import { unsupported, UNSUPPORTED_FUNCTIONS, UNSUPPORTED_OPERATORS } from './unsupported.ts'

/** Parentheses and `not` within one another: far beyond what anyone writes, and far below what the stack takes. */
const DEEPEST = 100

/** Operators that are read from left to right, each around what is before it: as far below what the stack takes. */
const LONGEST = 1_000

const EQUALITY = ['eq', 'ne'] as const
const RELATIONAL = ['gt', 'ge', 'lt', 'le'] as const
const ADDITIVE = ['add', 'sub'] as const
const MULTIPLICATIVE = ['mul', 'div', 'mod'] as const

type Join<O> = (operator: O, left: Expression, right: Expression) => Expression
const compared: Join<Comparison> = (operator, left, right) => ({ kind: 'compare', operator, left, right })
const calculated: Join<Arithmetic> = (operator, left, right) => ({ kind: 'arithmetic', operator, left, right })

/**
 * Reads a decoded `$filter`, at an instant that it may name. Throws a `FeedError`: 400 for what is no filter, 501 for what of the language the feed does not have.
 *
 * Written here, since none of the parsers on npm reads filters as OData means them (2026): @odata/parser and odata-v4-parser take
 * `not (a) and b` for `not ((a) and b)` and know no `in`, @balena/odata-parser gives `and` and `or` the same precedence and knows no dates,
 * odata-filter-to-ast knows neither `not` nor dates. Two of them check this one in its tests, where they are right.
 *
 * Precedence: https://docs.oasis-open.org/odata/odata/v4.0/odata-v4.0-part2-url-conventions.html#_Operator_Precedence
 */
export function parseFilter(text: string, nowMs: number): Expression {
  return new FilterParser(tokensOf(text), constantsAt(nowMs)).parse()
}

class FilterParser {
  readonly #tokens: Iterator<Token, void>
  /** Functions of nothing: instants, by their keys. */
  readonly #constants: Readonly<Record<string, string>>
  /** The token to be read. Those behind it are not looked at: they may be of a part of the language that is not known here. */
  #next: Token = { kind: 'end', position: 0, spaceBefore: true }
  #depth = 0

  constructor(tokens: Iterator<Token, void>, constants: Readonly<Record<string, string>>) {
    this.#tokens = tokens
    this.#constants = constants
    this.#advance()
  }

  parse(): Expression {
    const expression = this.#either()
    if (this.#next.kind !== 'end') throw this.#unexpected('an operator')
    return expression
  }

  #either(): Expression {
    return this.#chain('or', () => this.#chain('and', () => this.#equality()))
  }

  #chain(word: 'and' | 'or', operand: () => Expression): Expression {
    const operands = [operand()]
    while (this.#takeOperator([word])) operands.push(operand())
    const [only] = operands
    return operands.length === 1 && only ? only : { kind: word, operands }
  }

  #equality(): Expression {
    return this.#inARow(EQUALITY, compared, () => this.#inARow(RELATIONAL, compared, () => this.#membership()))
  }

  /** Operators of one rank, from left to right. */
  #inARow<O extends string>(operators: readonly O[], join: Join<O>, operand: () => Expression): Expression {
    let left = operand()
    let joined = 0
    for (let operator = this.#takeOperator(operators); operator; operator = this.#takeOperator(operators)) {
      if (++joined > LONGEST) throw invalidFilter(this.#next.position, `there are more than ${LONGEST} operators in a row`)
      left = join(operator, left, operand())
    }
    return left
  }

  #sum(): Expression {
    return this.#inARow(ADDITIVE, calculated, () => this.#inARow(MULTIPLICATIVE, calculated, () => this.#unary()))
  }

  #membership(): Expression {
    const operand = this.#sum()
    if (!this.#takeOperator(['in'])) return operand
    this.#refuseUnsupported()
    this.#expect('(')
    const values = [this.#literal()]
    while (this.#take(',')) values.push(this.#literal())
    this.#expect(')')
    return { kind: 'in', operand, values }
  }

  #unary(): Expression {
    const token = this.#next
    if (this.#take('-')) return { kind: 'negate', operand: this.#deeper(() => this.#unary()) }
    if (token.kind !== 'word' || token.text !== 'not') return this.#primary()
    this.#advance()
    return { kind: 'not', operand: this.#deeper(() => this.#unary()) }
  }

  #primary(): Expression {
    this.#refuseUnsupported()
    const token = this.#next
    if (token.kind === 'literal') return this.#literal()
    if (this.#take('(')) {
      const expression = this.#deeper(() => this.#either())
      this.#expect(')')
      return expression
    }
    if (token.kind !== 'word') throw this.#unexpected('a value')
    this.#advance()
    if (!this.#isCalled()) return { kind: 'property', name: token.text }
    if (UNSUPPORTED_FUNCTIONS.includes(token.text)) throw unsupported('function', token.text)
    this.#expect('(')
    const operands = this.#arguments()
    const constant = Object.hasOwn(this.#constants, token.text) ? this.#constants[token.text] : undefined
    if (constant === undefined) return { kind: 'call', name: token.text, operands }
    if (operands.length > 0) throw invalidFilter(token.position, `${token.text} takes nothing`)
    return { kind: 'literal', type: 'instant', value: constant }
  }

  /** Whether what was read last has arguments. */
  #isCalled(): boolean {
    const token = this.#next
    return token.kind === 'punctuation' && token.text === '(' && !token.spaceBefore
  }

  #arguments(): Expression[] {
    if (this.#take(')')) return []
    const operands = [this.#deeper(() => this.#either())]
    while (this.#take(',')) operands.push(this.#deeper(() => this.#either()))
    this.#expect(')')
    return operands
  }

  #literal(): Literal {
    this.#refuseUnsupported()
    const token = this.#next
    if (token.kind !== 'literal') throw this.#unexpected('a literal')
    this.#advance()
    return token.literal
  }

  #advance(): void {
    const { value } = this.#tokens.next()
    if (value) this.#next = value
  }

  /** Operators stand between spaces. */
  #takeOperator<O extends string>(operators: readonly O[]): O | undefined {
    const token = this.#next
    if (token.kind !== 'word') return undefined
    if (UNSUPPORTED_OPERATORS.includes(token.text)) throw unsupported('operator', token.text)
    const operator = operators.find((known) => known === token.text)
    if (operator === undefined) return undefined
    this.#advance()
    if (!token.spaceBefore || !this.#next.spaceBefore) throw invalidFilter(token.position, `${token.text} needs a space on either side`)
    return operator
  }

  #take(text: '(' | ')' | ',' | '-'): boolean {
    const token = this.#next
    if (token.kind !== 'punctuation' || token.text !== text) return false
    this.#advance()
    return true
  }

  /** Where a value must come. */
  #refuseUnsupported(): void {
    const token = this.#next
    if (token.kind === 'unsupported') throw unsupported(token.called, token.text)
  }

  #expect(text: '(' | ')' | ','): void {
    if (!this.#take(text)) throw this.#unexpected(`"${text}"`)
  }

  #deeper<T>(read: () => T): T {
    if (++this.#depth > DEEPEST) throw invalidFilter(this.#next.position, `there are more than ${DEEPEST} expressions within one another`)
    const result = read()
    this.#depth -= 1
    return result
  }

  #unexpected(expected: string) {
    const token = this.#next
    const found = token.kind === 'end' ? 'the end' : token.kind === 'literal' ? 'a literal' : quote(token.text)
    return invalidFilter(token.position, `expected ${expected}, found ${found}`)
  }
}
