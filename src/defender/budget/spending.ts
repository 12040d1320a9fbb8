import { freeAt, nextFreeMs, spend, type Ledger } from './ledger.ts'
import { LONGEST_AHEAD_MS, UNANSWERED_GRACE_MS } from './policy.ts'
import type { Quota } from './quota.ts'
import type { TimeBounds } from './time-bounds.ts'

/** What a slice knows of its spending. The stored ledger is always this, or counts more. */
export interface Spending {
  /** Everything that ended, in this slice and before it. */
  readonly ended: Ledger
  /** Calls of this slice that were begun and have not ended. */
  readonly inFlight: number
  /** Reserved calls that were not begun. */
  readonly unsent: number
  /** The last reservation. */
  readonly reserved: Pick<Reservation, 'granted' | 'madeMs' | 'sendByMs'>
  /** Reservations on end, before the last one, of which no call was begun. */
  readonly fruitless: number
}

/** How a call ended. `notSent` was never made and is not counted; say so only if nothing can have left the process. */
export type CallEnd = 'answered' | 'unanswered' | 'notSent'

/** Ends are kept to the hundredth of a second, as they are stored, so that a long slice stays small. */
const END_STEP_MS = 10

/** What a slice begins with: all that was stored has ended, and nothing is reserved. */
export function spendingOf(ledger: Ledger): Spending {
  return { ended: ledger, inFlight: 0, unsent: 0, reserved: { granted: 0, madeMs: -Infinity, sendByMs: -Infinity }, fruitless: 0 }
}

export interface ReserveOptions {
  /** No more calls than this. */
  readonly wanted: number
  /** Calls that become free within so many milliseconds are reserved too. */
  readonly freeWithinMs: number
  /** For how many milliseconds the calls may be begun. */
  readonly sendWithinMs: number
  /** No call arrives later than this after it was begun. */
  readonly arriveWithinMs: number
}

export interface Reservation {
  readonly granted: number
  /** By the latest present. */
  readonly madeMs: number
  /** The granted calls may be begun until this, included. */
  readonly sendByMs: number
  /** To be stored before any granted call is begun. */
  readonly ledger: Ledger
}

/**
 * Reserves up to `wanted` calls, perhaps 0.
 *
 * The reservation is stored as calls that end at the latest moment one of them can arrive, so that a process killed right after storing it leaves
 * a ledger that still counts every call it may have sent.
 *
 * @throws RangeError when that is more than `LONGEST_AHEAD_MS` away
 */
export function reserve(spending: Spending, quota: Quota, now: TimeBounds, options: ReserveOptions): Reservation {
  const { wanted, freeWithinMs, sendWithinMs, arriveWithinMs } = options
  if (sendWithinMs + arriveWithinMs > LONGEST_AHEAD_MS) {
    throw new RangeError(
      `A reservation of ${sendWithinMs} ms with calls that arrive within ${arriveWithinMs} ms exceeds ${LONGEST_AHEAD_MS} ms`,
    )
  }
  const granted = Math.min(wanted, freeAt(spending.ended, spending.inFlight, quota, now.earliestMs + freeWithinMs))
  const sendByMs = now.latestMs + sendWithinMs
  return {
    granted,
    madeMs: now.latestMs,
    sendByMs,
    ledger: spend(ledgerToStore(spending, now, arriveWithinMs), sendByMs + arriveWithinMs, granted),
  }
}

/** The spending once the reservation is stored. What an earlier one left unsent is given up; calls may have ended since it was made. */
export function openReservation(spending: Spending, { granted, madeMs, sendByMs }: Reservation): Spending {
  return { ...spending, unsent: granted, reserved: { granted, madeMs, sendByMs }, fruitless: fruitlessOnEnd(spending) }
}

/** Reservations on end, up to the last one, of which no call was begun. */
export function fruitlessOnEnd({ unsent, reserved, fruitless }: Spending): number {
  return reserved.granted > 0 && unsent === reserved.granted ? fruitless + 1 : 0
}

/** The ledger to store when nothing is reserved: what ended, and what is in flight as ending as late as it can. */
export function ledgerToStore(spending: Spending, now: TimeBounds, arriveWithinMs: number): Ledger {
  return spend(spending.ended, now.latestMs + arriveWithinMs, spending.inFlight)
}

/** The reservation still holds calls that may be begun now, if the windows allow. */
export function isReservationOpen(spending: Spending, now: TimeBounds): boolean {
  return spending.unsent > 0 && now.latestMs <= spending.reserved.sendByMs
}

/** When the next call may be begun, by the earliest present: -Infinity when at once, Infinity when calls in flight must end first. */
export function nextSendMs(spending: Spending, quota: Quota): number {
  return nextFreeMs(spending.ended, spending.inFlight, quota)
}

export function begin(spending: Spending): Spending {
  return { ...spending, inFlight: spending.inFlight + 1, unsent: spending.unsent - 1 }
}

export function end(spending: Spending, now: TimeBounds, how: CallEnd): Spending {
  const inFlight = spending.inFlight - 1
  // Not given back to `unsent`: it may have been reserved for less long than what is unsent now. The next reservation has it again.
  if (how === 'notSent') return { ...spending, inFlight }
  const endMs = now.latestMs + (how === 'unanswered' ? UNANSWERED_GRACE_MS : 0)
  return { ...spending, inFlight, ended: spend(spending.ended, Math.ceil(endMs / END_STEP_MS) * END_STEP_MS, 1) }
}
