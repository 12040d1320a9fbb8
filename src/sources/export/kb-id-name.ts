import { QUOTE } from './line-text.ts'
import { MEMBERS } from './member.ts'

/** Beyond every text. A small whole number, which engines keep best. */
const BEYOND = 2 ** 30

const NAME = MEMBERS.kbId

/** Rare in a row, and in the name as everyone spells it: RecommendedSecurityUpdateId. */
const USUAL = { letters: 'U', offset: NAME.indexOf('update') }
/** The name with a small u, which nobody has been seen to write. */
const ODD = ['yu', 'Yu'].map((letters) => ({ letters, offset: NAME.indexOf('yu') }))

/** The texts of a file that are searched for all spellings: the first ones, and then one of so many. Each search more takes its time. */
const [FIRST_TEXTS, ONE_OF] = [16, 8]

/**
 * Finds the name of the KB id in any letter case: a file that spells this one differently would seem to miss nothing at all. It steps from one
 * rare letter to the next, which costs half of a search for the whole name, and takes any case of the rest.
 */
export class KbIdName {
  #text = ''
  #texts = 0
  /** Where the next name with a small u begins; beyond the text where there is none, or none is looked for. */
  #oddAt = -1
  #isOdd = false
  #wasOverlooked = false

  /** A name came up that is not looked for in each text: there may be more of them where nobody looked. */
  get wasOverlooked(): boolean {
    return this.#wasOverlooked
  }

  begin(text: string): void {
    this.#text = text
    this.#texts++
    const searchesAll = this.#isOdd || this.#texts <= FIRST_TEXTS || this.#texts % ONE_OF === 0
    this.#oddAt = searchesAll ? -1 : BEYOND
  }

  /** Where the value begins behind the next such name; beyond the text where there is none. */
  next(from: number): number {
    const usualAt = this.#nextBy(USUAL, from)
    const nameAt = Math.min(usualAt, this.#nextOdd(from))
    return nameAt < BEYOND ? this.#found(nameAt) : BEYOND
  }

  #nextOdd(from: number): number {
    if (this.#oddAt < from) this.#oddAt = Math.min(...ODD.map((search) => this.#nextBy(search, from)))
    return this.#oddAt
  }

  #nextBy({ letters, offset }: typeof USUAL, from: number): number {
    const text = this.#text
    const behind = NAME.length - offset
    let at = text.indexOf(letters, from + offset)
    while (at >= 0 && !(text.charCodeAt(at + behind) === QUOTE && this.#isName(at - offset))) at = text.indexOf(letters, at + 1)
    return at < 0 ? BEYOND : at - offset
  }

  #isName(at: number): boolean {
    const text = this.#text
    return text.charCodeAt(at - 1) === QUOTE && text.slice(at, at + NAME.length).toLowerCase() === NAME
  }

  /** Behind the colon and what white space is around it. */
  #found(nameAt: number): number {
    const isOdd = this.#text.charAt(nameAt + USUAL.offset) !== USUAL.letters
    if (isOdd && !this.#isOdd) {
      this.#isOdd = true
      this.#wasOverlooked = this.#texts > FIRST_TEXTS
    }
    let at = nameAt + NAME.length + 1
    while (isBetween(this.#text.charCodeAt(at))) at++
    return at
  }
}

const [SPACE, TAB, COLON] = [0x20, 0x09, 0x3a]

const isBetween = (code: number) => code === COLON || code === SPACE || code === TAB
