/**
 * How much is reserved by one write of the tenant's row. A kill forfeits what is reserved and not sent until the last call could have arrived, plus the
 * window: so a slice that may not live begins with little, and reserves more as it shows how fast it calls.
 */
export const RESERVATION = {
  /** Calls may be begun for so long. */
  lastsMs: 5_000,
  /** A first reservation's share of the smaller quota: ten kills in a row forfeit half a minute's calls. */
  firstShare: 1 / 20,
  /** The next has at most so many times what was begun out of the one before: three writes for 50 calls. */
  growth: 4,
  /** An unlimited quota costs one write per so many calls. */
  mostCalls: 1_000,
  /** Made so long before the first of its calls is free, so that no call waits for the write. */
  earlyMs: 1_000,
  /** So many on end that were over before one call could be begun end the slice. Each lasts `growth` times as long as the one before. */
  mostFruitless: 3,
} as const

/**
 * How long one slice may wait for budget, in total.
 *
 * Each call is counted at its answer but checked when it is sent, so the calls of a full minute come back one latency later every tick.
 * A slice that cannot wait loses a whole minute as soon as they come back after its work is over. Waiting up to 20 s makes that rare:
 * at 50 to 500 ms a call, more than 98 % of a minute-bound quota is used.
 */
export const LONGEST_PAUSE_MS = 20_000

/**
 * The same for a slice that the hour binds. It has minutes to spare: what it does not wait for now it has a minute later without waiting, and a
 * wait is billed. Some waiting remains, as an hour that always let go of a minute would be an hour of 61.
 */
export const LONGEST_PAUSE_FOR_HOUR_MS = 4_000

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
  { recentMs: 10, olderMs: 250 },
  { recentMs: 50, olderMs: 2_000 },
  { recentMs: 250, olderMs: 5_000 },
  { recentMs: 1_000, olderMs: 10_000 },
] as const
