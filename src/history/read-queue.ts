/** Runs reads, at most so many at once, in the order they were asked for. */
export class ReadQueue {
  readonly #atOnce: number
  readonly #waiting: (() => void)[] = []
  #running = 0
  #closed = false

  constructor(atOnce: number) {
    this.#atOnce = atOnce
  }

  /** Resolves with what the read answers, once it had its turn. Never does after `close`. */
  run<T>(read: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => {
        void read().then(resolve, reject).finally(() => {
          this.#running -= 1
          this.#startNext()
        })
      })
      this.#startNext()
    })
  }

  /** Starts no read any more: whoever wanted the rows has gone. */
  close(): void {
    this.#closed = true
  }

  #startNext(): void {
    if (this.#closed || this.#running >= this.#atOnce) return
    const start = this.#waiting.shift()
    if (!start) return
    this.#running += 1
    start()
  }
}
