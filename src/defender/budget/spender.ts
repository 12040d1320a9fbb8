import type { Clock } from '../../clock.ts'
import { parseLedger, serializeLedger } from './encode.ts'
import { begin, end, isOpen, ledgerToStore, nextSendMs, reserve, spendingOf, type CallEnd, type Spending } from './spending.ts'
import type { BudgetTime, StoreAnswer } from './budget-time.ts'
import { LARGEST_RESERVATION, LONGEST_AHEAD_MS, UNANSWERED_GRACE_MS } from './policy.ts'
import type { Quota } from './quota.ts'
import type { TimeBounds } from './time-bounds.ts'

export interface SpenderOptions {
  quota: Quota
  /** The stored ledger; undefined only when the row never had one. */
  ledgerText: string | undefined
  /** Stores the ledger, guarded by the lease and the ETag of the row, and hands back the answer. A rejection reaches the caller of `take`, which gets no call. */
  save: (ledgerText: string) => Promise<StoreAnswer | undefined>
  time: BudgetTime
  /** Measures the time left to the deadline once, and sleeps. */
  clock: Clock
  /** No call is begun after this, by `clock`. */
  deadlineMs: number
  /** Longest time from a granted `take` to the end of its call, everything included. */
  callTimeoutMs: number
  /** Longest time the slice may wait for budget, in total. */
  maxPauseMs: number
  /** How many calls there is still work for, as far as known. */
  wantedHint?: () => number
}

export type Take =
  /** One call may be made, now. Call `done` when it ended; a second time does nothing. */
  | { kind: 'granted'; done: (how: CallEnd) => void }
  /** No more calls in this slice. */
  | { kind: 'exhausted'; because: 'quota' | 'deadline' }

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
 * Spends the budget of one class of calls, for one slice, with the tenant's lease held.
 *
 * @throws RangeError when `callTimeoutMs` leaves no room below `LONGEST_AHEAD_MS`
 */
export function createSpender(options: SpenderOptions): Spender {
  return new LeasedSpender(options)
}

const EXHAUSTED = { kind: 'exhausted', because: 'quota' } as const

interface Opened {
  spending: Spending
  /** The deadline, in budget time. */
  readonly endsAtMs: number
}

class LeasedSpender implements Spender {
  readonly counters: SpenderCounters = { calls: 0, saves: 0, pausedMs: 0 }
  readonly #options: SpenderOptions
  readonly #arriveWithinMs: number
  #opened: Opened | undefined
  #lastTurn: Promise<unknown> = Promise.resolve()

  constructor(options: SpenderOptions) {
    this.#options = options
    this.#arriveWithinMs = options.callTimeoutMs + UNANSWERED_GRACE_MS
    if (!(this.#arriveWithinMs < LONGEST_AHEAD_MS)) {
      throw new RangeError(`A call may take less than ${LONGEST_AHEAD_MS - UNANSWERED_GRACE_MS} ms, not ${options.callTimeoutMs} ms`)
    }
  }

  take(): Promise<Take> {
    const turn = this.#lastTurn.then(() => this.#take())
    // The failure is the caller's to handle; the next in line only waits for the turn to be over.
    this.#lastTurn = turn.catch(() => undefined)
    return turn
  }

  flush(): string | undefined {
    const now = this.#options.time.now()
    if (now === undefined) return this.#options.ledgerText
    return serializeLedger(ledgerToStore(this.#open(now).spending, now, this.#arriveWithinMs), now)
  }

  async #take(): Promise<Take> {
    const { quota, time, maxPauseMs } = this.#options
    for (;;) {
      const now = time.now() ?? (await this.#learnTime())
      const opened = this.#open(now)
      if (now.latestMs > opened.endsAtMs) return { kind: 'exhausted', because: 'deadline' }
      if (!isOpen(opened.spending, now)) {
        if (await this.#reserve(opened, now)) continue
        return EXHAUSTED
      }
      const waitMs = nextSendMs(opened.spending, quota) - now.earliestMs
      if (waitMs <= 0) return this.#begin(opened)
      if (waitMs > Math.min(maxPauseMs - this.counters.pausedMs, opened.endsAtMs - now.latestMs)) {
        return EXHAUSTED
      }
      this.counters.pausedMs += waitMs
      await this.#options.clock.sleep(waitMs)
    }
  }

  /** The time is unknown until the store has answered once: store what is there already. */
  async #learnTime(): Promise<TimeBounds> {
    const { ledgerText, time } = this.#options
    await this.#save(ledgerText ?? serializeLedger([], { earliestMs: 0, latestMs: 0 }))
    const now = time.now()
    if (now === undefined) throw new Error('The store answered a write without a Date, so the call budget has no time to go by')
    return now
  }

  #open(now: TimeBounds): Opened {
    const { ledgerText, deadlineMs, clock } = this.#options
    this.#opened ??= { spending: spendingOf(parseLedger(ledgerText, now).ledger), endsAtMs: now.earliestMs + deadlineMs - clock.now() }
    return this.#opened
  }

  async #reserve(opened: Opened, now: TimeBounds): Promise<boolean> {
    const { quota, maxPauseMs, wantedHint } = this.#options
    // Beyond the longest reservation only where a clock went back within the slice.
    const leftMs = Math.min(opened.endsAtMs - now.latestMs, LONGEST_AHEAD_MS - this.#arriveWithinMs)
    const { granted, spending, ledger } = reserve(opened.spending, quota, now, {
      wanted: Math.min(LARGEST_RESERVATION, Math.max(1, wantedHint?.() ?? LARGEST_RESERVATION)),
      freeWithinMs: Math.max(0, Math.min(maxPauseMs - this.counters.pausedMs, leftMs)),
      sendWithinMs: leftMs,
      arriveWithinMs: this.#arriveWithinMs,
    })
    if (granted === 0) return false
    await this.#save(serializeLedger(ledger, now))
    // Calls may have ended while the ledger was being stored: only what was reserved is new.
    opened.spending = { ...opened.spending, unsent: spending.unsent, sendByMs: spending.sendByMs }
    return true
  }

  async #save(ledgerText: string): Promise<void> {
    this.counters.saves += 1
    await this.#options.time.learnFrom(() => this.#options.save(ledgerText))
  }

  #begin(opened: Opened): Take {
    opened.spending = begin(opened.spending)
    this.counters.calls += 1
    let ended = false
    const done = (how: CallEnd): void => {
      if (ended) return
      ended = true
      const now = this.#options.time.now()
      if (now === undefined) throw new Error('The time of the call budget was known when the call began')
      opened.spending = end(opened.spending, now, how)
      if (how === 'notSent') this.counters.calls -= 1
    }
    return { kind: 'granted', done }
  }
}
