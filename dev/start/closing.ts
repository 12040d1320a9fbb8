/** Things to close, in the reverse order of their opening. */
export class Closing {
  readonly #steps: (() => unknown)[] = []

  /** Remembers how something is closed. */
  add(step: () => unknown): void {
    this.#steps.push(step)
  }

  /** Closes everything, also after one of the steps has failed; then throws the first failure. */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
