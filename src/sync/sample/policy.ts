/** How samples are taken. */
export const SAMPLING_POLICY = {
  /** Of each quota: a snapshot that falls due while a sample is taken finds the other half. */
  quotaShare: 0.5,
  /** After a slice that failed. */
  retryAfterMs: 3_600_000,
  /** A slice that was killed is not followed by another one at once: should it die of its sample, it must not do so every minute. */
  killedRetryMs: 10 * 60_000,
  /** Disagreements that are named, of machines and of KBs, and KBs of each kind of a machine. */
  mostNamed: 100,
  /** Counts by product are compared once a day: a little less, or a daily export would find them too new every other day. */
  compareEveryMs: 20 * 3_600_000,
} as const
