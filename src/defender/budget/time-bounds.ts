/** What is known of the present: the true time is nowhere outside these two, both included. Milliseconds since the epoch. */
export interface TimeBounds {
  readonly earliestMs: number
  readonly latestMs: number
}
