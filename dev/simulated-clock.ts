import type { Clock } from '../src/outside.ts'

export interface SimulatedClock extends Clock {
  /** Moves `now()` forward. */
  advance(milliseconds: number): void
  /** Moves `now()` to that instant. Throws a RangeError for one that is past: time does not run back. */
  set(milliseconds: number): void
}

/**
 * A clock that stands still until it is moved, and that a `sleep` moves by itself: it resolves at once, with `now()` at the time it would
 * have ended, unless the clock is beyond that already.
 */
export function simulatedClock(startMilliseconds: number): SimulatedClock {
  let now = startMilliseconds
  return {
    now: () => now,
    sleep: (milliseconds) => {
      const wakeAt = now + Math.max(0, milliseconds)
      // Several sleepers that fell asleep at once wake in any order, and the latest time stays.
      return Promise.resolve().then(() => {
        now = Math.max(now, wakeAt)
      })
    },
    advance: (milliseconds) => {
      if (milliseconds < 0) throw new Error(`A clock cannot be advanced by ${milliseconds} ms.`)
      now += milliseconds
    },
    set: (milliseconds) => {
      if (milliseconds < now) throw new RangeError(`A clock at ${now} cannot be set back to ${milliseconds}.`)
      now = milliseconds
    },
  }
}
