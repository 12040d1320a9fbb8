import pLimit, { type LimitFunction } from 'p-limit'
import { MOST_CONCURRENCY } from '../config/index.ts'
import { MACHINES_QUOTA, type Spender } from '../defender/budget/index.ts'
import { DEFENDER_POLICY, type DefenderClient, type Fault, throttledUntil } from '../defender/index.ts'
import type { Outside } from '../outside.ts'
import type { SnapshotRow, Store } from '../store/index.ts'
import type { BudgetName } from './budgets.ts'
import type { Journal } from './journal.ts'
import type { KbRegister } from './kb-register.ts'
import type { Lease } from './lease.ts'

/** Why a slice takes up no further work. What it has begun it finishes. */
export type Stop =
  | { kind: 'deadline' }
  | { kind: 'budget'; budget: BudgetName }
  | { kind: 'throttled'; retryAfterSeconds: number }
  /** Defender refuses the app: the snapshot fails. */
  | { kind: 'refused'; fault: Fault }
  | { kind: 'listing' }
  | { kind: 'error' }

export interface SliceSettings {
  tenantId: string
  concurrency: number
  machineFilter: string | undefined
  machinePlatforms: readonly string[]
}

export interface SliceParts {
  settings: SliceSettings
  store: Store
  defender: DefenderClient
  outside: Outside
  lease: Lease
  /** The running record of the snapshot; the phases count on it, and it is written at each phase's end and at the slice's. */
  snapshot: SnapshotRow
  journal: Journal
  kbs: KbRegister
  budgets: Record<BudgetName, Spender>
  /** Scheduled starts that have fallen due since the slice began. */
  skippedStarts: () => number
  /** Milliseconds since the epoch. */
  startedAt: number
  /** No new work after this instant, milliseconds since the epoch. */
  deadline: number
}

/** Slices on end that may spend calls without bringing a single machine to its end. */
const MOST_STALLED_SLICES = 3

/** Machines under way for each call that may be: while some are asked about, others are written down, and no call waits for storage. */
const MACHINES_PER_CALL = 2

/**
 * Machines that are closed at once. Those that left take four or five calls each: half a minute's quota has to be enough for all of them
 * to come to an end, or all are cut off at the same call.
 */
const MOST_CLOSED_AT_ONCE = Math.floor(MACHINES_QUOTA.perMinute / 2 / (1 + DEFENDER_POLICY.retriesInSlice))

/** Machines under way at once in any slice, whatever the configuration was when it was killed. */
export const MOST_MACHINES_AT_ONCE = MACHINES_PER_CALL * MOST_CONCURRENCY

/** The part of a snapshot done in one tick: what it works with, when it has to stop, and why it did. */
export class Slice {
  readonly settings: SliceSettings
  readonly store: Store
  readonly defender: DefenderClient
  readonly outside: Outside
  readonly lease: Lease
  readonly snapshot: SnapshotRow
  readonly journal: Journal
  readonly kbs: KbRegister
  readonly budgets: Record<BudgetName, Spender>
  /** Runs a call to Defender as soon as fewer than `concurrency` are under way. */
  readonly inTurn: LimitFunction
  readonly counts = { calls: 0, throttled: 0, retries: 0 }
  readonly startedAt: number
  readonly #skippedStarts: () => number
  readonly #deadline: number
  #stop: Stop | undefined
  #hasProgressed = false
  #throttledUntil = -Infinity

  constructor(parts: SliceParts) {
    this.settings = parts.settings
    this.store = parts.store
    this.defender = parts.defender
    this.outside = parts.outside
    this.lease = parts.lease
    this.snapshot = parts.snapshot
    this.journal = parts.journal
    this.kbs = parts.kbs
    this.budgets = parts.budgets
    this.inTurn = pLimit(parts.settings.concurrency)
    this.startedAt = parts.startedAt
    this.#skippedStarts = parts.skippedStarts
    this.#deadline = parts.deadline
  }

  get tenantId(): string {
    return this.settings.tenantId
  }

  get snapshotId(): string {
    return this.snapshot.snapshotId
  }

  /** Machines that a phase has under way at once. */
  get machinesAtOnce(): number {
    const most = MACHINES_PER_CALL * this.settings.concurrency
    return this.snapshot.phase === 'closing' ? Math.min(most, MOST_CLOSED_AT_ONCE) : most
  }

  get now(): number {
    return this.outside.clock.now()
  }

  /** The first reason to stop, if there is one. */
  get stopped(): Stop | undefined {
    if (!this.#stop && this.now >= this.#deadline) this.#stop = { kind: 'deadline' }
    return this.#stop
  }

  /** The first reason counts, but a refusal outranks any other: it is what the snapshot fails of. */
  stop(reason: Stop): void {
    if (!this.#stop || (reason.kind === 'refused' && this.#stop.kind !== 'refused')) this.#stop = reason
  }

  /**
   * Stops for a 429. Its `Retry-After` counts whatever the slice stops for, and is written down at once: calls in flight when the budget
   * ends come back with one, and a kill must not forget it.
   */
  async throttle(retryAfterSeconds: number): Promise<void> {
    this.stop({ kind: 'throttled', retryAfterSeconds })
    const until = throttledUntil(this.now, retryAfterSeconds)
    // Compared with what this slice heard, and not with the row: several may be about to write, and the row may be from a wrong clock.
    if (until <= this.#throttledUntil) return
    this.#throttledUntil = until
    await this.lease.update({ notBefore: new Date(until).toISOString() })
  }

  /** Notes that a page was listed, or that a machine came to its end. */
  noteProgress(): void {
    if (!this.stopped) this.#hasProgressed = true
  }

  /**
   * Whether a machine that is cut off by the slice's end may begin anew in the next one. When none comes to its end in several slices
   * on end, it may not: all of them would do the same again for ever.
   */
  get mayBeginAnew(): boolean {
    return this.#hasProgressed || this.snapshot.stalledSlices < MOST_STALLED_SLICES
  }

  /** Slices up to now, this one included, that spent calls and brought no machine to its end. */
  get stalledSlices(): number {
    if (this.#hasProgressed) return 0
    return this.snapshot.stalledSlices + (this.counts.calls > 0 ? 1 : 0)
  }

  /** The active snapshot's counters up to now: those of the slices before, and this one's. */
  get running() {
    const { activeSlices, activeCalls, activeThrottled, activeRetries, activeMilliseconds, activeSkippedStarts } = this.lease.tenant
    return {
      slices: activeSlices,
      calls: activeCalls + this.counts.calls,
      throttled: activeThrottled + this.counts.throttled,
      retries: activeRetries + this.counts.retries,
      activeMilliseconds: activeMilliseconds + this.now - this.startedAt,
      skippedStarts: activeSkippedStarts + this.#skippedStarts(),
    }
  }
}
