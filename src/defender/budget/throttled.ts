import { RETRY_LONGEST_MS, RETRY_MARGIN_MS, RETRY_UNSAID_MS } from './policy.ts'

/**
 * The moment, in milliseconds, until which Defender wants no call after a 429 that arrived at `nowMs`.
 * `retryAfterSeconds` is undefined where the answer named none; one that is not a positive number counts as unsaid.
 */
export function throttledUntil(nowMs: number, retryAfterSeconds: number | undefined): number {
  if (retryAfterSeconds === undefined || !(retryAfterSeconds > 0)) return nowMs + RETRY_UNSAID_MS
  return nowMs + Math.min(Math.ceil(retryAfterSeconds * 1_000) + RETRY_MARGIN_MS, RETRY_LONGEST_MS)
}
