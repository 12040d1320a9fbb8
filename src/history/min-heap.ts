/** A priority queue: `pop` takes the least item, in O(log n). */
export class MinHeap<T> {
  readonly #items: T[] = []
  readonly #compare: (a: T, b: T) => number

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare
  }

  get size(): number {
    return this.#items.length
  }

  push(item: T): void {
    const items = this.#items
    let index = items.push(item) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.#isLess(index, parent)) return
      this.#swap(index, parent)
      index = parent
    }
  }

  pop(): T | undefined {
    const items = this.#items
    const least = items[0]
    const last = items.pop()
    if (items.length === 0 || last === undefined) return least
    items[0] = last
    for (let index = 0; ;) {
      const child = this.#lesserChild(index)
      if (child === undefined || !this.#isLess(child, index)) return least
      this.#swap(index, child)
      index = child
    }
  }

  #lesserChild(index: number): number | undefined {
    const left = 2 * index + 1
    if (left >= this.#items.length) return undefined
    const right = left + 1
    return right < this.#items.length && this.#isLess(right, left) ? right : left
  }

  #isLess(a: number, b: number): boolean {
    return this.#compare(this.#items[a] as T, this.#items[b] as T) < 0
  }

  #swap(a: number, b: number): void {
    const item = this.#items[a] as T
    this.#items[a] = this.#items[b] as T
    this.#items[b] = item
  }
}
