/** Draws that are the same for the same seed. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Of a case of a run: cases do not depend on each other, so that any is drawn again by itself. */
  static of(seed: number, index: number): Random {
    return new Random(mixed(mixed(seed >>> 0) ^ mixed(index + 0x9e3779b9)))
  }

  /** In [0, 1). Mulberry32: https://github.com/cprosche/mulberry32 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    const state = this.#state
    let drawn = Math.imul(state ^ (state >>> 15), state | 1)
    drawn ^= drawn + Math.imul(drawn ^ (drawn >>> 7), drawn | 61)
    return ((drawn ^ (drawn >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  isIn(share: number): boolean {
    return this.next() < share
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)]
    if (item === undefined && items.length === 0) throw new Error('there is nothing to pick from')
    return item as T
  }

  /** One of several makers, and what it makes: only that one draws. */
  oneOf<T>(makers: readonly (() => T)[]): T {
    return this.pick(makers)()
  }

  /** Each item with a share. */
  some<T>(items: readonly T[], share: number): T[] {
    return items.filter(() => this.isIn(share))
  }

  hex(digits: number): string {
    return Array.from({ length: digits }, () => '0123456789abcdef'.charAt(this.between(0, 15))).join('')
  }
}

function mixed(value: number): number {
  let state = value >>> 0
  state = Math.imul(state ^ (state >>> 16), 0x45d9f3b) >>> 0
  state = Math.imul(state ^ (state >>> 16), 0x45d9f3b) >>> 0
  return (state ^ (state >>> 16)) >>> 0
}
