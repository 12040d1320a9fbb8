import type { Clock } from '../../clock.ts'
import type { Fault } from '../../defender/index.ts'
import type { BudgetName } from '../../domain/index.ts'

/** Why a slice takes up no further work. What it has begun it finishes. */
export type Stop =
  | { kind: 'deadline' }
  | { kind: 'budget'; budget: BudgetName }
  | { kind: 'throttled'; retryAfterSeconds: number }
  /** There is no token, and may be one in a while; of many tenants, for none of them where the fault `isApps`. */
  | { kind: 'identity'; fault: Fault }
  /** Defender refuses the app: the snapshot fails. */
  | { kind: 'refused'; fault: Fault }
  | { kind: 'listing' }
  | { kind: 'error' }

/** The one rule for when a slice stops: at its deadline, or for the first reason that comes up. */
export class StopRule {
  readonly #clock: Clock
  #deadlineMs: number
  #stop: Stop | undefined

  constructor(clock: Clock, deadlineMs: number) {
    this.#clock = clock
    this.#deadlineMs = deadlineMs
  }

  /** The reason to stop, if there is one. */
  get reason(): Stop | undefined {
    if (!this.#stop && this.#clock.now() >= this.#deadlineMs) this.#stop = { kind: 'deadline' }
    return this.#stop
  }

  /** Does something for which there is time until a later deadline; what comes after it has the old one. */
  async postponed<T>(deadlineMs: number, work: () => Promise<T>): Promise<T> {
    const before = this.#deadlineMs
    this.#deadlineMs = Math.max(before, deadlineMs)
    try {
      return await work()
    } finally {
      this.#deadlineMs = before
    }
  }

  /** Whether the deadline is past, whatever else there was to stop for. */
  get isLate(): boolean {
    return this.#clock.now() >= this.#deadlineMs
  }

  /** The first reason counts, but a refusal outranks any other: it is what the snapshot fails of. */
  stop(reason: Stop): void {
    if (!this.#stop || (reason.kind === 'refused' && this.#stop.kind !== 'refused')) this.#stop = reason
  }
}
