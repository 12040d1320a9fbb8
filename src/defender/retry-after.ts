import { DEFENDER_POLICY } from './policy.ts'

/**
 * How long (whole seconds) a Retry-After header asks to wait, or undefined if it says nothing sensible.
 * It holds seconds or an HTTP date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterSeconds(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return inBounds(Number(text))
  // Date.parse takes almost anything; an HTTP date begins with the name of a day.
  const date = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : NaN
  return Number.isNaN(date) ? undefined : inBounds((date - nowMs) / 1000)
}

/** How long to wait after a 429: by its header, else by its message, else a minute. */
export function throttledSeconds(header: string | undefined, message: string, nowMs: number): number {
  return retryAfterSeconds(header, nowMs) ?? secondsOfWindow(message) ?? DEFENDER_POLICY.throttledSeconds
}

/**
 * Until when (milliseconds since the epoch) to call nothing after a 429 that arrived at `nowMs`.
 *
 * @param seconds as `throttledSeconds` says
 */
export function throttledUntil(nowMs: number, seconds: number): number {
  const certainSeconds = Math.min(seconds + DEFENDER_POLICY.retryAfterMarginSeconds, DEFENDER_POLICY.longestRetryAfterSeconds)
  return nowMs + Math.ceil(certainSeconds * 1000)
}

/** Reads "API calls quota exceeded! maximum allowed 45 per 00:01:00" (a live message), and waits out a minute, but not an hour. */
function secondsOfWindow(message: string): number | undefined {
  const [, hours, minutes, seconds] = /\bper (\d{1,2}):(\d{2}):(\d{2})\b/.exec(message) ?? []
  if (hours === undefined) return undefined
  const window = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return window <= DEFENDER_POLICY.throttledSeconds ? Math.max(1, window) : Math.min(window, DEFENDER_POLICY.hourlyThrottledSeconds)
}

function inBounds(seconds: number): number {
  return Math.min(Math.max(1, Math.ceil(seconds)), DEFENDER_POLICY.longestRetryAfterSeconds)
}
