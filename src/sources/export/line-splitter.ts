import { READING_POLICY, type ReadingLimits } from './reading-policy.ts'

/** Who takes up lines: the part of a text from `at` up to `end`, without the line's end. */
export interface LineTaker {
  /** Another text: what was found in the one before stands no longer. */
  begin(text: string): void
  line(at: number, end: number): void
  /** A line that is longer than any row. */
  tooLong(): void
}

/** Cuts what comes in chunks into lines, wherever the chunks end. A line is looked at where it stands, and not copied. */
export class LineSplitter {
  readonly #taker: LineTaker
  readonly #limits: Pick<ReadingLimits, 'pieceBytes' | 'longestLineCharacters'>
  /** The beginning of a line whose end has not come. */
  #begun = ''
  #isSkipping = false

  constructor(taker: LineTaker, limits: Pick<ReadingLimits, 'pieceBytes' | 'longestLineCharacters'> = READING_POLICY) {
    this.#taker = taker
    this.#limits = limits
  }

  push(chunk: Buffer): void {
    const { pieceBytes } = this.#limits
    for (let at = 0; at < chunk.length; at += pieceBytes) this.#split(chunk.toString('latin1', at, at + pieceBytes))
  }

  /** The file is over: its last line need not have an end. */
  end(): void {
    this.#finish('')
  }

  #split(text: string): void {
    let end = text.indexOf('\n')
    if (end < 0) return this.#goOn(text)
    this.#finish(text.slice(0, end))
    const taker = this.#taker
    taker.begin(text)
    let at = end + 1
    while ((end = text.indexOf('\n', at)) >= 0) {
      taker.line(at, end)
      at = end + 1
    }
    this.#goOn(text.slice(at))
  }

  #goOn(text: string): void {
    if (this.#isSkipping) return
    this.#begun += text
    if (this.#begun.length <= this.#limits.longestLineCharacters) return
    this.#begun = ''
    this.#isSkipping = true
  }

  #finish(rest: string): void {
    const line = this.#begun + rest
    const isTooLong = this.#isSkipping || line.length > this.#limits.longestLineCharacters
    this.#begun = ''
    this.#isSkipping = false
    if (isTooLong) return this.#taker.tooLong()
    this.#taker.begin(line)
    this.#taker.line(0, line.length)
  }
}
