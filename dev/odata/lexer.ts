/**
 * A piece of an OData expression: a mark, `(`, `)` or `,`; a quoted text without its quotes, with what gives it its type (`datetime'…'`);
 * or a word: a name, an operator, a number, an instant. After the last one come ends.
 */
export interface Token {
  kind: 'mark' | 'quoted' | 'word' | 'end'
  text: string
  prefix: string
}

// In a quoted text a doubled quote stands for one.
const TOKEN = /\s*(?:(?<mark>[(),])|(?<prefix>datetime|guid)?'(?<quoted>(?:[^']|'')*)'|(?<word>[^\s(),']+))/y

const END: Token = { kind: 'end', text: '', prefix: '' }

export interface Dialect {
  /** Whether `AND` is `and`. */
  ignoresCase: boolean
  /** The error for an expression that is none. */
  refusal: (detail: string) => Error
}

/** An expression, taken token by token. Everything that takes throws the dialect's refusal where the expression is not as it must be. */
export class Lexer {
  readonly #tokens: Token[]
  readonly #dialect: Dialect
  #at = 0

  constructor(text: string, dialect: Dialect) {
    this.#dialect = dialect
    this.#tokens = [...this.#read(text.trimEnd())]
  }

  refusal(detail: string): Error {
    return this.#dialect.refusal(detail)
  }

  next(): Token {
    return this.#tokens[this.#at++] ?? END
  }

  /** Takes the next token if it is this word. */
  takeWord(word: string): boolean {
    return this.#take('word', word)
  }

  takeMark(mark: string): boolean {
    return this.#take('mark', mark)
  }

  expectMark(mark: string): void {
    if (!this.takeMark(mark)) throw this.refusal(`'${mark}' expected`)
  }

  expectEnd(): void {
    const rest = this.next()
    if (rest.kind !== 'end') throw this.refusal(`'${rest.text}' was not expected`)
  }

  *#read(text: string): Generator<Token> {
    const pattern = new RegExp(TOKEN)
    while (pattern.lastIndex < text.length) {
      const at = pattern.lastIndex
      const { mark, quoted, word, prefix = '' } = pattern.exec(text)?.groups ?? {}
      if (mark !== undefined) yield { kind: 'mark', text: mark, prefix }
      else if (quoted !== undefined) yield { kind: 'quoted', text: quoted.replaceAll("''", "'"), prefix }
      else if (word !== undefined) yield { kind: 'word', text: word, prefix }
      else throw this.refusal(`Syntax error at ${at} in '${text}'`)
    }
  }

  #take(kind: Token['kind'], text: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== kind) return false
    const isIt = text === (this.#dialect.ignoresCase ? token.text.toLowerCase() : token.text)
    if (isIt) this.#at++
    return isIt
  }
}
