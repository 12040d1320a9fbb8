import { FEED_POLICY } from './policy.ts'

/** Machine ids are evenly spread hex, so their first four digits measure the way through them: a unit is all ids that share these. */
export const UNIT_DIGITS = 4
export const UNITS = 16 ** UNIT_DIGITS

/** Density: how many rows lie in a unit of machine ids. Whoever cuts a set into sections asks it before every cut. */
export interface Density {
  /** Rows that a whole set of this density has; at least one. */
  readonly rowsInAll: number
  /** Units that hold about as many rows as a section should. */
  readonly sectionUnits: number
}

/** A density that is a guess until sections have been read. Only `readInOrder` teaches it, when a section is through. */
export class LearnedDensity implements Density {
  readonly #guess: number
  #rows = 0
  #units = 0

  constructor(guessedRowsInAll: number) {
    this.#guess = guessedRowsInAll
  }

  /** Rows found in some units. What is seen replaces the guess. */
  learn(rows: number, units: number): void {
    this.#rows += rows
    this.#units += units
  }

  get rowsInAll(): number {
    return Math.max(1, this.#units === 0 ? this.#guess : Math.round((this.#rows / this.#units) * UNITS))
  }

  get sectionUnits(): number {
    return Math.max(1, Math.min(UNITS, Math.floor((FEED_POLICY.sectionRows / this.rowsInAll) * UNITS)))
  }
}
