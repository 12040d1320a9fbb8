export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves when `now()` has advanced by at least `milliseconds`. */
  sleep(milliseconds: number): Promise<void>
}

/** Clocks of instances that are looked after differ by less. */
const FURTHEST_AHEAD_MS = 3_600_000

/** Whether an instant (ISO 8601) is so far ahead of now (ms) that it was written by a clock that was wrong; an empty one is not. */
export function isFarAhead(instant: string, now: number): boolean {
  return Date.parse(instant) - now > FURTHEST_AHEAD_MS
}
