/** When messages are sent, and how many. The row decides, a message only wakes: each of these costs time at worst, and never a row. */
export const DISPATCH_POLICY = {
  /** A tenant that no slice was taken of since it was sent its message is sent another one after this … */
  resendAfterMs: 2 * 60_000,
  /** … and then as often as this: while the queue stands still, it must not fill. */
  resendEveryMs: 10 * 60_000,
  /** A tick sends at least as many as this: an app at rest has to begin somewhere. */
  leastMessages: 200,
  /** … and no more than this for each slice that ended in the last minute: what is taken up shows how much can be. */
  messagesPerSlice: 2,
  slicesOfMs: 60_000,
  /** A tenant that refuses the app is looked at again once a day: a little less, or a daily start would come later every day. */
  lookAgainAfterMs: 23 * 3_600_000,
  /** While the app's own identity gives no token, one tenant a tick tries whether it does again. */
  probes: 1,
} as const
