import { DAY, HOUR, MINUTE } from '../time.ts'
import { WORLD } from '../world.ts'
import type { Bulletin } from './software.ts'

/** New CVEs of a Patch Tuesday were found between 18:30 and 19:06 UTC of the day in the export read, the same second on all devices. */
const MATCHED_AFTER = HOUR + 47 * MINUTE + 2_000

/** The newest Patch Tuesday that is matched by then. */
export function bulletinAt(at: number): Bulletin {
  for (let month = new Date(at); ; month = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), 0))) {
    const matchedAt = secondTuesday(month) + WORLD.releaseHourUtc + MATCHED_AFTER
    if (matchedAt <= at) return { name: `${nameOf(matchedAt)} Security Updates`, matchedAt }
  }
}

/** `March 2026` */
export function nameOf(at: number): string {
  return new Date(at).toLocaleString('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' })
}

function secondTuesday(month: Date): number {
  const first = Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), 1)
  return first + (7 + ((9 - new Date(first).getUTCDay()) % 7)) * DAY
}
