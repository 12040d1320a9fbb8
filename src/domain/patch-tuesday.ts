import { DAY_MS, HOUR_MS } from './instant.ts'

/**
 * Security updates are released on the second Tuesday of a month, at 10:00 in Redmond; with daylight saving that is 17:00 UTC.
 * https://learn.microsoft.com/windows/deployment/update/release-cycle
 */
const RELEASE_HOUR_MS = 17 * HOUR_MS
const TUESDAY = 2

/** The Patch Tuesday of a month, `202605`, in milliseconds since the epoch. */
export function patchTuesdayMs(month: string): number {
  const firstMs = Date.UTC(Number(month.slice(0, 4)), Number(month.slice(4, 6)) - 1, 1)
  const toFirstTuesday = (TUESDAY - new Date(firstMs).getUTCDay() + 7) % 7
  return firstMs + (toFirstTuesday + 7) * DAY_MS + RELEASE_HOUR_MS
}

/** The month, `202605`, of the last Patch Tuesday up to an instant (ms). */
export function patchMonthAt(timeMs: number): string {
  const month = monthAt(timeMs)
  return patchTuesdayMs(month) <= timeMs ? month : monthBefore(month)
}

/** `202601` -> `202512`. */
export function monthBefore(month: string): string {
  return monthAt(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(4, 6)) - 1, 0))
}

const monthAt = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 7).replace('-', '')
