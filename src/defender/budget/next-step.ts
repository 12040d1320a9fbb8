import { LARGEST_RESERVATION, LONGEST_AHEAD_MS } from './policy.ts'
import type { Quota } from './quota.ts'
import { isOpen, nextSendMs, reserve, type Reservation, type Spending } from './spending.ts'
import type { TimeBounds } from './time-bounds.ts'

/** Where a slice stands when it asks for its next call. */
export interface SliceState {
  readonly spending: Spending
  /** Milliseconds waited for budget so far. */
  readonly pausedMs: number
  /** Calls that there is still work for, as far as known. */
  readonly wanted: number
}

/** What holds for the whole slice. */
export interface StepLimits {
  /** No call is begun after this, in budget time. */
  readonly endsAtMs: number
  /** No call arrives later than this after it was begun; less than `LONGEST_AHEAD_MS`. */
  readonly arriveWithinMs: number
  /** Longest time the slice may wait for budget, in total. */
  readonly maxPauseMs: number
}

export type NextStep =
  /** One reserved call may be begun, now. */
  | { readonly kind: 'begin' }
  /** The next reserved call is free in so many milliseconds. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** Nothing is reserved: this is to be stored first. */
  | { readonly kind: 'reserve'; readonly reservation: Reservation }
  | Exhausted

/** The slice makes no more calls. */
export interface Exhausted {
  readonly kind: 'exhausted'
  readonly because: 'quota' | 'deadline'
}

/** What a slice that asks for one call does next. Carried out step by step, that comes to `begin` or `exhausted`, by the deadline at the latest. */
export function nextStep(state: SliceState, quota: Quota, now: TimeBounds, limits: StepLimits): NextStep {
  if (now.latestMs > limits.endsAtMs) return { kind: 'exhausted', because: 'deadline' }
  if (!isOpen(state.spending, now)) return reserveMore(state, quota, now, limits)
  const ms = nextSendMs(state.spending, quota) - now.earliestMs
  if (ms <= 0) return { kind: 'begin' }
  if (ms > longestWaitMs(state, now, limits)) return { kind: 'exhausted', because: 'quota' }
  return { kind: 'wait', ms }
}

function reserveMore(state: SliceState, quota: Quota, now: TimeBounds, limits: StepLimits): NextStep {
  // Cut only where a clock went back within the slice: no reservation reaches further ahead than a ledger is trusted.
  const sendWithinMs = Math.min(limits.endsAtMs - now.latestMs, LONGEST_AHEAD_MS - limits.arriveWithinMs)
  const reservation = reserve(state.spending, quota, now, {
    wanted: Math.min(LARGEST_RESERVATION, Math.max(1, state.wanted)),
    freeWithinMs: Math.max(0, Math.min(longestWaitMs(state, now, limits), sendWithinMs)),
    sendWithinMs,
    arriveWithinMs: limits.arriveWithinMs,
  })
  return reservation.granted === 0 ? { kind: 'exhausted', because: 'quota' } : { kind: 'reserve', reservation }
}

function longestWaitMs({ pausedMs }: SliceState, now: TimeBounds, { maxPauseMs, endsAtMs }: StepLimits): number {
  return Math.min(maxPauseMs - pausedMs, endsAtMs - now.latestMs)
}
