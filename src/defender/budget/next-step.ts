import { worthwhilePauseMs } from './ledger.ts'
import { LONGEST_AHEAD_MS, RESERVATION } from './policy.ts'
import type { Quota } from './quota.ts'
import { fruitlessOnEnd, isReservationOpen, nextSendMs, reserve, type Reservation, type Spending } from './spending.ts'
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
  if (!isReservationOpen(state.spending, now)) return reserveMore(state, quota, now, limits)
  const ms = nextSendMs(state.spending, quota) - now.earliestMs
  if (ms <= 0) return { kind: 'begin' }
  if (ms > longestWaitMs(state, quota, now, limits)) return { kind: 'exhausted', because: 'quota' }
  return { kind: 'wait', ms }
}

function reserveMore(state: SliceState, quota: Quota, now: TimeBounds, limits: StepLimits): NextStep {
  const { spending, wanted } = state
  const ms = nextSendMs(spending, quota) - now.earliestMs
  if (ms > longestWaitMs(state, quota, now, limits)) return { kind: 'exhausted', because: 'quota' }
  const fruitless = fruitlessOnEnd(spending)
  if (fruitless >= RESERVATION.mostFruitless) return { kind: 'exhausted', because: 'deadline' }
  const sendWithinMs = Math.min(
    RESERVATION.lastsMs * RESERVATION.growth ** fruitless,
    limits.endsAtMs - now.latestMs,
    // No reservation reaches further ahead than a ledger is trusted.
    LONGEST_AHEAD_MS - limits.arriveWithinMs,
  )
  // A kill while waiting forfeits nothing.
  const earlyMs = Math.min(RESERVATION.earlyMs, sendWithinMs)
  if (ms > earlyMs) return { kind: 'wait', ms: ms - earlyMs }
  const most = Math.min(RESERVATION.mostCalls, wanted, usableCalls(spending, quota, now))
  const options = { wanted: Math.max(1, most), freeWithinMs: sendWithinMs, sendWithinMs, arriveWithinMs: limits.arriveWithinMs }
  return { kind: 'reserve', reservation: reserve(spending, quota, now, options) }
}

/** What a slice can use while a reservation lasts, by the pace at which it used the last one. */
function usableCalls({ reserved, unsent }: Spending, quota: Quota, now: TimeBounds): number {
  const first = Math.ceil(Math.min(quota.perMinute, quota.perHour) * RESERVATION.firstShare)
  const begun = reserved.granted - unsent
  const reservations = RESERVATION.lastsMs / Math.max(1, now.latestMs - reserved.madeMs)
  return Math.max(first, Math.ceil(begun * Math.min(RESERVATION.growth, reservations)))
}

function longestWaitMs({ spending, pausedMs }: SliceState, quota: Quota, now: TimeBounds, { maxPauseMs, endsAtMs }: StepLimits): number {
  const worthwhileMs = worthwhilePauseMs(spending.ended, spending.inFlight, quota, now.earliestMs)
  return Math.min(Math.min(maxPauseMs, worthwhileMs) - pausedMs, endsAtMs - now.latestMs)
}
