import { setTimeout as sleep } from 'node:timers/promises'
import type { Terminal } from './terminal.ts'

/** 128 + SIGINT, as shells count it. */
export const INTERRUPTED_EXIT_CODE = 130

/** Thrown where work ends because the person asked for it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** Something that the person at the terminal can put right: shown as it is, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** One run of `npm start`: where it writes, whether it is to end, and what is to be closed then. */
export class Session {
  readonly terminal: Terminal
  readonly #interruption = new AbortController()
  readonly #steps: (() => unknown)[] = []

  /** The first Ctrl+C or SIGTERM interrupts; the second one ends the process on the spot. */
  constructor(terminal: Terminal) {
    this.terminal = terminal
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (this.isInterrupted) process.exit(INTERRUPTED_EXIT_CODE)
        this.#interruption.abort(new Interrupted())
      })
    }
  }

  get isInterrupted(): boolean {
    return this.#interruption.signal.aborted
  }

  /** Throws `Interrupted` if the person asked for the end. */
  throwIfInterrupted(): void {
    this.#interruption.signal.throwIfAborted()
  }

  /** Waits, but no longer than until an interruption; then it throws `Interrupted`. */
  async pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#interruption.signal }).catch(() => undefined)
    this.throwIfInterrupted()
  }

  /** Remembers how something is closed. */
  onClose(step: () => unknown): void {
    this.#steps.push(step)
  }

  /** Closes everything in the reverse order of its opening, also after one of the steps has failed; then throws the first failure. */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (const step of this.#steps.toReversed()) {
      try {
        await step()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
