import { NO_TEXT, ownText, QUOTE } from './line-text.ts'

/**
 * A member that mostly says what it said in the row before: its name and that text are looked for in one go, which costs less than to find the
 * one and compare the other.
 */
export class SteadyText {
  #both = NO_TEXT

  isSame(line: string): boolean {
    const at = line.indexOf(this.#both)
    return at >= 0 && line.charCodeAt(at - 1) === QUOTE
  }

  /** It says something else from now on: a text as it stands. */
  say(spelling: string, raw: string): void {
    this.#both = ownText(spelling + raw)
  }

  /** What it said is of no account any more. */
  forget(): void {
    this.#both = NO_TEXT
  }
}
