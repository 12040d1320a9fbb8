import type { LimitFunction } from 'p-limit'

/** Rows of a partition, a page in hand and one on its way. The first page is asked for at once. */
export class RowStream<T> {
  readonly #pages: AsyncIterator<T[], void>
  readonly #inTurn: LimitFunction
  readonly #pageSize: number
  #next: Promise<IteratorResult<T[], void>> | undefined
  #rows: readonly T[] = []
  #index = 0

  constructor(pages: AsyncIterable<T[], void>, inTurn: LimitFunction, pageSize: number) {
    this.#pages = pages[Symbol.asyncIterator]()
    this.#inTurn = inTurn
    this.#pageSize = pageSize
    void this.#readAhead()
  }

  /** The next row in hand; undefined when `fill` is due. */
  get head(): T | undefined {
    return this.#rows[this.#index]
  }

  take(): void {
    this.#index += 1
  }

  /** Waits for the next page with rows in it; false at the end. */
  async fill(): Promise<boolean> {
    for (;;) {
      const result = await (this.#next ?? this.#readAhead())
      this.#next = undefined
      if (result.done === true) return false
      const rows = result.value
      // A full page is most likely followed by another; a short one hardly ever.
      if (rows.length >= this.#pageSize) void this.#readAhead()
      if (rows.length === 0) continue
      this.#rows = rows
      this.#index = 0
      return true
    }
  }

  #readAhead(): Promise<IteratorResult<T[], void>> {
    const next = this.#inTurn(() => this.#pages.next())
    // Whoever calls `fill` learns of the failure; nobody may, when the answer is complete before.
    next.catch(() => undefined)
    this.#next = next
    return next
  }
}
