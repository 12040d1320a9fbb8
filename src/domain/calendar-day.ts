import { DAY_MS } from './instant.ts'

/** A UTC day, `2026-04-14`, so many days later. */
export const dayAfter = (day: string, days: number): string => dayAt(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS)

/** The same day of a later month; its last one where that month is shorter: 31 January -> 28 February. */
export function monthsAfter(day: string, months: number): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return dayAt(Date.UTC(year, month - 1 + months, Math.min(date, last)))
}

/** Whole days between two UTC days. */
export const daysBetween = (from: string, to: string): number => (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS

/** `20260612T020000Z` -> `2026-06-12`. */
export const dayOfSnapshot = (snapshotId: string): string => `${snapshotId.slice(0, 4)}-${snapshotId.slice(4, 6)}-${snapshotId.slice(6, 8)}`

/** The UTC day of an instant (ms). */
export const dayAt = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10)
