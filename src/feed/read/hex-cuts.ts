import { LAST_KEY } from '../../store/index.ts'
import { FEED_POLICY } from './policy.ts'

/** Machine ids are evenly spread hex, so their first four digits measure the way through them. */
const DIGITS = 4
export const UNITS = 16 ** DIGITS

/** How many rows a unit holds: a guess, until it has been seen. */
export class Density {
  readonly #guess: number
  #rows = 0
  #units = 0

  constructor(rowsInAll: number) {
    this.#guess = rowsInAll
  }

  /** Rows found between two cuts. What is seen replaces the guess. */
  learn(rows: number, units: number): void {
    this.#rows += rows
    this.#units += units
  }

  /** Rows that a whole table of this density has; at least one. */
  get rowsInAll(): number {
    return Math.max(1, this.#units === 0 ? this.#guess : Math.round((this.#rows / this.#units) * UNITS))
  }

  /** Units that hold about as many rows as a section should. */
  get width(): number {
    return Math.max(1, Math.min(UNITS, Math.floor((FEED_POLICY.sectionRows / this.rowsInAll) * UNITS)))
  }
}

export interface HexCut {
  from: string
  to: string
  units: number
}

/**
 * Cuts everything from `from` to `to` (exclusive) at hex prefixes, each as wide as the density of the moment says: ['', '0400'],
 * ['0400', '0800'], … ['fc00', '~']. Every id lies in exactly one cut, hex or not.
 */
export function* hexCuts(density: Density, from = '', to: string = LAST_KEY): Generator<HexCut> {
  let start = from
  for (let unit = unitAfter(from); start < to;) {
    const next = Math.min(UNITS, unit - 1 + density.width)
    const end = next === UNITS ? LAST_KEY : hex(next)
    const bounded = end < to ? end : to
    yield { from: start, to: bounded, units: next - unit + 1 }
    start = bounded
    unit = next + 1
  }
}

const hex = (unit: number) => unit.toString(16).padStart(DIGITS, '0')

/** The first unit whose prefix sorts after an id; UNITS if there is none. */
function unitAfter(id: string): number {
  let low = 0
  let high = UNITS
  while (low < high) {
    const middle = (low + high) >> 1
    if (hex(middle) > id) high = middle
    else low = middle + 1
  }
  return Math.max(1, low)
}
