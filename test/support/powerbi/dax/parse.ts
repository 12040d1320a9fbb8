/** BLANK is null; dates are days since 1899-12-30, as DAX counts them. */
export type Scalar = string | number | boolean | null

export type Expression =
  | { kind: 'literal'; value: Scalar }
  /** `T[c]` */
  | { kind: 'column'; table: string; column: string }
  /** `[x]`: a measure, or a column of a table that has no name. */
  | { kind: 'bare'; name: string }
  /** A variable or a table. */
  | { kind: 'name'; name: string }
  | { kind: 'call'; called: string; args: Expression[] }
  | { kind: 'not'; operand: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  /** `(a, b)` */
  | { kind: 'tuple'; items: Expression[] }
  /** `{a, b}` */
  | { kind: 'list'; items: Expression[] }
  | { kind: 'let'; variables: { name: string; value: Expression }[]; result: Expression }

const TOKEN =
  /\s+|(?<text>"(?:[^"]|"")*")|(?<number>\d+(?:\.\d+)?)|'(?<quoted>(?:[^']|'')+)'|\[(?<bracket>[^\]]+)\]|(?<name>[A-Za-z_][\w.]*)|(?<sign><=|>=|<>|\|\||&&|[=<>+\-*/(){},])/gy

interface Token {
  kind: 'text' | 'number' | 'quoted' | 'bracket' | 'name' | 'sign' | 'end'
  text: string
}

/** Operators that bind alike, the loosest first. `NOT` stands between `&&` and the comparisons. */
const LEVELS = [['||'], ['&&'], ['=', '<>', '<', '<=', '>', '>=', 'IN'], ['+', '-'], ['*', '/']] as const
const NOT_LEVEL = 2

/** The part of DAX that the model uses; whatever else there is, is refused. https://learn.microsoft.com/dax/dax-syntax-reference */
export function parseDax(dax: string): Expression {
  const tokens = tokensOf(dax)
  const parser = new Parser(tokens)
  const expression = parser.expression()
  parser.expect('')
  return expression
}

function tokensOf(dax: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < dax.length) {
    const at = TOKEN.lastIndex
    const groups = TOKEN.exec(dax)?.groups
    if (!groups) throw new Error(`no DAX that is known: ${dax.slice(at, at + 40)}`)
    for (const kind of ['text', 'number', 'quoted', 'bracket', 'name', 'sign'] as const) {
      const text = groups[kind]
      if (text !== undefined) tokens.push({ kind, text })
    }
  }
  return tokens
}

class Parser {
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  expression(): Expression {
    const variables: { name: string; value: Expression }[] = []
    while (this.#take('VAR')) {
      const name = this.#advance().text
      this.expect('=')
      variables.push({ name, value: this.expression() })
    }
    if (variables.length === 0) return this.#level(0)
    this.expect('RETURN')
    return { kind: 'let', variables, result: this.expression() }
  }

  expect(text: string): void {
    const token = this.#advance()
    if (token.text !== text) throw new Error(`expected ${text || 'the end'}, found ${token.text || 'the end'}`)
  }

  #level(level: number): Expression {
    const operators: readonly string[] | undefined = LEVELS[level]
    if (!operators) return this.#unary()
    if (level === NOT_LEVEL && this.#take('NOT')) return this.#not()
    let left = this.#level(level + 1)
    for (let operator = this.#peek().text; this.#isOperator() && operators.includes(operator); operator = this.#peek().text) {
      this.#next++
      left = { kind: 'binary', operator, left, right: this.#level(level + 1) }
    }
    return left
  }

  /** `NOT (a, b) IN t` is a call with two arguments to DAX: brackets go around what is denied. */
  #not(): Expression {
    const [first, second] = this.#tokens.slice(this.#next)
    const operand = this.#level(NOT_LEVEL)
    const isBare = operand.kind === 'binary' && operand.left.kind === 'tuple' && first?.text === '(' && second?.text !== '('
    if (isBare) throw new Error('NOT before a row without brackets around the whole')
    return { kind: 'not', operand }
  }

  #isOperator(): boolean {
    const { kind, text } = this.#peek()
    return kind === 'sign' || (kind === 'name' && text === 'IN')
  }

  #unary(): Expression {
    if (!this.#take('-')) return this.#primary()
    return { kind: 'binary', operator: '-', left: { kind: 'literal', value: 0 }, right: this.#unary() }
  }

  #primary(): Expression {
    const token = this.#advance()
    if (token.kind === 'text') return { kind: 'literal', value: token.text.slice(1, -1).replaceAll('""', '"') }
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) }
    if (token.kind === 'bracket') return { kind: 'bare', name: token.text }
    if (token.kind === 'quoted' || token.kind === 'name') return this.#named(token)
    if (token.text === '(') return this.#parenthesized()
    if (token.text === '{') return { kind: 'list', items: this.#items('}') }
    throw new Error(`unexpected ${token.text || 'end'}`)
  }

  #named({ kind, text }: Token): Expression {
    const next = this.#peek()
    if (next.kind === 'bracket') {
      this.#next++
      return { kind: 'column', table: text.replaceAll("''", "'"), column: next.text }
    }
    if (kind === 'name' && this.#take('(')) return { kind: 'call', called: text, args: this.#items(')') }
    return { kind: 'name', name: text }
  }

  #parenthesized(): Expression {
    const items = this.#items(')')
    const [only] = items
    return items.length === 1 && only ? only : { kind: 'tuple', items }
  }

  #items(end: string): Expression[] {
    const items: Expression[] = []
    if (this.#take(end)) return items
    do items.push(this.expression())
    while (this.#take(','))
    this.expect(end)
    return items
  }

  #take(text: string): boolean {
    const { kind } = this.#peek()
    if (this.#peek().text !== text || kind === 'text' || kind === 'quoted' || kind === 'bracket') return false
    this.#next++
    return true
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '' }
  }

  #advance(): Token {
    const token = this.#peek()
    this.#next++
    return token
  }
}
