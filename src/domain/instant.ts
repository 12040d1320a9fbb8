export const DAY_MS = 86_400_000
export const HOUR_MS = 3_600_000

/** Clocks of instances that are looked after differ by less. */
const FURTHEST_AHEAD_MS = HOUR_MS

/** Whether an instant (ISO 8601) is so far ahead of now that it was written by a clock that was wrong; none is not. */
export function isFarAhead(at: string | null, nowMs: number): boolean {
  return at !== null && Date.parse(at) - nowMs > FURTHEST_AHEAD_MS
}

/** Whether a text that begins with `YYYY-MM-DD` names a day that exists: `Date` takes 2026-02-30 for 2026-03-02. */
export function dayExists(text: string): boolean {
  const day = text.slice(0, 10)
  const timeMs = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(day)
}

/** Milliseconds since the epoch as ISO 8601 UTC. */
export const atOf = (timeMs: number): string => new Date(timeMs).toISOString()
