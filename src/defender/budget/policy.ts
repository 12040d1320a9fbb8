/** Calls reserved by one write. A kill forfeits at most these; an unlimited quota costs one write per so many calls. */
export const LARGEST_RESERVATION = 1_000

/**
 * How long one slice may wait for budget, in total.
 *
 * Each call is counted at its answer but checked when it is sent, so the calls of a full minute come back one latency later every tick.
 * A slice that cannot wait loses a whole minute as soon as they come back after its work is over. Waiting up to 20 s makes that rare:
 * at 50 to 500 ms a call, more than 98 % of a minute-bound quota is used. An hour-bound quota needs next to no waiting.
 */
export const LONGEST_PAUSE_MS = 20_000

/**
 * No reservation may end later than this after it was made. An entry further ahead can only mean that the clock went back, and is pulled in to here,
 * so that it blocks for one window at most. Ten minutes is `functionTimeout`: no slice and no call outlives it.
 */
export const LONGEST_AHEAD_MS = 600_000

/**
 * A call without an answer may still reach Defender after the client gave up on it: what the kernel has queued is sent even after the socket is closed.
 * It is counted this much later than the moment of giving up.
 */
export const UNANSWERED_GRACE_MS = 10_000

/** Added on either side of every reading of the store's time: its nodes agree within this. */
export const STORE_SKEW_MS = 50

/** A monotonic clock runs at most this much too fast or too slow; the kernel slews it by up to 500 ppm: https://man7.org/linux/man-pages/man2/adjtimex.2.html */
export const ELAPSED_DRIFT = 0.0005

/** What an unreadable ledger counts as. Larger than any quota, so that raising the quota does not free it. */
export const EVERYTHING_SPENT = 1_000_000_000

/** A Table Storage string holds 32 Ki UTF-16 units; https://learn.microsoft.com/en-us/rest/api/storageservices/understanding-the-table-service-data-model */
export const LONGEST_LEDGER_CHARS = 30_000

/**
 * How ends of calls are rounded, finest first; the first that fits the string is used. Ends that the minute may still count are `recent`.
 * Only quotas of thousands of calls a minute ever need the second line.
 */
export const ROUNDINGS = [
  { recentMs: 10, olderMs: 1_000 },
  { recentMs: 50, olderMs: 2_000 },
  { recentMs: 250, olderMs: 5_000 },
  { recentMs: 1_000, olderMs: 10_000 },
] as const
