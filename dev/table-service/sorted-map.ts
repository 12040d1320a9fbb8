/** A block that is full is halved. At 512 an insert copies a few hundred pointers, and a million keys are some 3,000 blocks. */
const BLOCK_ENTRIES = 512

interface Block<V> {
  keys: string[]
  values: V[]
}

/** A map in ordinal order of its keys: get, set and delete are O(log n), and a scan costs what it visits. */
export class SortedMap<V> {
  readonly #blocks: Block<V>[] = [{ keys: [], values: [] }]
  #size = 0

  get size(): number {
    return this.#size
  }

  get(key: string): V | undefined {
    const block = this.#block(this.#blockIndex(key))
    const index = lowerBound(block.keys, key)
    return block.keys[index] === key ? block.values[index] : undefined
  }

  set(key: string, value: V): void {
    const blockIndex = this.#blockIndex(key)
    const block = this.#block(blockIndex)
    const index = lowerBound(block.keys, key)
    if (block.keys[index] === key) {
      block.values[index] = value
      return
    }
    block.keys.splice(index, 0, key)
    block.values.splice(index, 0, value)
    this.#size++
    if (block.keys.length > BLOCK_ENTRIES) this.#split(blockIndex, index)
  }

  delete(key: string): boolean {
    const blockIndex = this.#blockIndex(key)
    const block = this.#block(blockIndex)
    const index = lowerBound(block.keys, key)
    if (block.keys[index] !== key) return false
    block.keys.splice(index, 1)
    block.values.splice(index, 1)
    this.#size--
    if (block.keys.length === 0 && this.#blocks.length > 1) this.#blocks.splice(blockIndex, 1)
    return true
  }

  /** Visits entries from `key` on, in order, until `visit` returns false. The map must not change meanwhile. */
  scan(from: string, visit: (key: string, value: V) => boolean): void {
    const first = this.#blockIndex(from)
    for (let blockIndex = first; blockIndex < this.#blocks.length; blockIndex++) {
      const { keys, values } = this.#block(blockIndex)
      for (let index = blockIndex === first ? lowerBound(keys, from) : 0; index < keys.length; index++) {
        if (!visit(keys[index] as string, values[index] as V)) return
      }
    }
  }

  /** The last block that begins at or before the key. */
  #blockIndex(key: string): number {
    let low = 0
    let high = this.#blocks.length
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if ((this.#block(middle).keys[0] as string) <= key) low = middle
      else high = middle
    }
    return low
  }

  #block(index: number): Block<V> {
    const block = this.#blocks[index]
    if (!block) throw new RangeError(`no block ${index} of ${this.#blocks.length}`)
    return block
  }

  /** Rows that come in order are the common case: then the full block stays full and only the newcomer moves on. */
  #split(blockIndex: number, insertedAt: number): void {
    const block = this.#block(blockIndex)
    const appended = insertedAt === block.keys.length - 1 && blockIndex === this.#blocks.length - 1
    const at = appended ? block.keys.length - 1 : block.keys.length >>> 1
    this.#blocks.splice(blockIndex + 1, 0, { keys: block.keys.splice(at), values: block.values.splice(at) })
  }
}

/** The first index whose key is not below `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((keys[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}
