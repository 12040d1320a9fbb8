import pLimit from 'p-limit'
import { parseLedger, serializeLedger } from './encode.ts'
import { nextStep, type Exhausted, type StepLimits } from './next-step.ts'
import { LONGEST_AHEAD_MS, UNANSWERED_GRACE_MS } from './policy.ts'
import type { SpenderOptions } from './spender-options.ts'
import { begin, end, ledgerToStore, openReservation, spendingOf, type CallEnd, type Reservation, type Spending } from './spending.ts'
import type { TimeBounds } from './time-bounds.ts'

export type Take =
  /** One call may be made, now. Call `done` when it ended; a second time does nothing. */
  | { kind: 'granted'; done: (how: CallEnd) => void }
  /** No more calls in this slice. */
  | Exhausted

export interface Spender {
  /** Asks for one call. May be asked by several workers at once; they are served in turn. */
  take(): Promise<Take>
  /** The ledger to store at the end of the slice: calls in flight count as ending as late as they can, calls not begun are given back. */
  flush(): string | undefined
  readonly counters: Readonly<SpenderCounters>
}

export interface SpenderCounters {
  /** Calls begun. */
  calls: number
  saves: number
  pausedMs: number
}

/**
 * Spends the budget of one class of calls, for one slice, with the tenant's lease held. What to do next is decided by `nextStep`.
 *
 * @throws RangeError when `callTimeoutMs` leaves no room below `LONGEST_AHEAD_MS`
 */
export function createSpender(options: SpenderOptions): Spender {
  return new LeasedSpender(options)
}

/** A slice from the first time that is known on. */
interface OpenedSlice {
  spending: Spending
  readonly limits: StepLimits
}

class LeasedSpender implements Spender {
  readonly counters: SpenderCounters = { calls: 0, saves: 0, pausedMs: 0 }
  readonly #options: SpenderOptions
  readonly #arriveWithinMs: number
  /** Two takes at once would reserve the same calls. */
  readonly #inTurn = pLimit(1)
  #opened: OpenedSlice | undefined

  constructor(options: SpenderOptions) {
    const { callTimeoutMs } = options.limits
    this.#options = options
    this.#arriveWithinMs = callTimeoutMs + UNANSWERED_GRACE_MS
    if (!(this.#arriveWithinMs < LONGEST_AHEAD_MS)) {
      throw new RangeError(`A call may take less than ${LONGEST_AHEAD_MS - UNANSWERED_GRACE_MS} ms, not ${callTimeoutMs} ms`)
    }
  }

  take(): Promise<Take> {
    return this.#inTurn(() => this.#take())
  }

  flush(): string | undefined {
    const { outside, stored } = this.#options
    const now = outside.budgetTime.now()
    if (now === undefined) return stored.text
    return serializeLedger(ledgerToStore(this.#open(now).spending, now, this.#arriveWithinMs), now)
  }

  async #take(): Promise<Take> {
    const { quota, outside, wanted } = this.#options
    for (;;) {
      const now = outside.budgetTime.now() ?? (await this.#learnTime())
      const slice = this.#open(now)
      const state = { spending: slice.spending, pausedMs: this.counters.pausedMs, wanted: wanted?.() ?? Infinity }
      const step = nextStep(state, quota, now, slice.limits)
      switch (step.kind) {
        case 'reserve':
          await this.#reserve(slice, step.reservation, now)
          break
        case 'wait':
          await this.#wait(step.ms)
          break
        case 'begin':
          return this.#begin(slice)
        case 'exhausted':
          return step
      }
    }
  }

  /** The time is unknown until the store has answered once: store what is there already. */
  async #learnTime(): Promise<TimeBounds> {
    const { outside, stored } = this.#options
    await this.#save(stored.text ?? serializeLedger([], { earliestMs: 0, latestMs: 0 }))
    const now = outside.budgetTime.now()
    if (now === undefined) throw new Error('The store answered a write without a Date, so the call budget has no time to go by')
    return now
  }

  #open(now: TimeBounds): OpenedSlice {
    const { stored, outside, limits } = this.#options
    this.#opened ??= {
      spending: spendingOf(parseLedger(stored.text, now).ledger),
      limits: {
        endsAtMs: now.earliestMs + limits.deadlineMs - outside.clock.now(),
        arriveWithinMs: this.#arriveWithinMs,
        maxPauseMs: limits.maxPauseMs,
      },
    }
    return this.#opened
  }

  async #reserve(slice: OpenedSlice, reservation: Reservation, now: TimeBounds): Promise<void> {
    await this.#save(serializeLedger(reservation.ledger, now))
    slice.spending = openReservation(slice.spending, reservation)
  }

  async #save(ledgerText: string): Promise<void> {
    const { outside, stored } = this.#options
    this.counters.saves += 1
    await outside.budgetTime.learnFrom(() => stored.save(ledgerText))
  }

  async #wait(milliseconds: number): Promise<void> {
    this.counters.pausedMs += milliseconds
    await this.#options.outside.clock.sleep(milliseconds)
  }

  #begin(slice: OpenedSlice): Take {
    slice.spending = begin(slice.spending)
    this.counters.calls += 1
    let ended = false
    const done = (how: CallEnd): void => {
      if (ended) return
      ended = true
      const now = this.#options.outside.budgetTime.now()
      if (now === undefined) throw new Error('The time of the call budget was known when the call began')
      slice.spending = end(slice.spending, now, how)
      if (how === 'notSent') this.counters.calls -= 1
    }
    return { kind: 'granted', done }
  }
}
