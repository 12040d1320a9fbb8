export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves when `now()` has advanced by at least `milliseconds`. */
  sleep(milliseconds: number): Promise<void>
}
