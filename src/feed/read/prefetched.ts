/**
 * Items of which the next one can be asked for before it is taken, so that it comes while others are worked on. A failure is thrown where
 * its item is taken.
 */
export class Prefetched<T> {
  readonly #items: AsyncGenerator<T, unknown>
  #asked: Promise<IteratorResult<T, unknown>> | undefined

  constructor(items: AsyncGenerator<T, unknown>) {
    this.#items = items
  }

  /** Asks for the next item, unless it is on its way already. */
  prefetch(): void {
    this.#asked ??= this.#items.next()
    // Nobody takes the item when the answer is complete before: its failure must not end the process.
    this.#asked.catch(() => undefined)
  }

  /** The next item; undefined at the end. */
  async take(): Promise<T | undefined> {
    const asked = this.#asked ?? this.#items.next()
    this.#asked = undefined
    const result = await asked
    return result.done === true ? undefined : result.value
  }

  /** Asks for nothing more, and does not wait for what is on its way. */
  close(): void {
    void this.#items.return(undefined).catch(() => undefined)
  }
}
