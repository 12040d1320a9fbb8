import { LONGEST_AHEAD_MS, LONGEST_PAUSE_FOR_HOUR_MS, LONGEST_PAUSE_MS } from './policy.ts'
import { LONGEST_WINDOW_MS, WINDOWS, type Quota } from './quota.ts'
import type { TimeBounds } from './time-bounds.ts'

/** `count` calls reached Defender no later than `endMs`. */
export interface Entry {
  readonly endMs: number
  readonly count: number
}

/**
 * What was spent, by ascending `endMs`, each `endMs` once.
 *
 * A call is checked when it is sent, and counted at its end (its answer, or later), which is never before its arrival at Defender. That suffices: of
 * the calls that arrive within one window, take the one sent last, at s. It arrived at or after s, so the window begins at or after s - length; every
 * other call of the window was begun before s and ended in the window or later, so the check at s counted it.
 */
export type Ledger = readonly Entry[]

/** The ledger with `count` calls more, that ended by `endMs`. */
export function spend(ledger: Ledger, endMs: number, count: number): Ledger {
  if (count <= 0) return ledger
  const at = ledger.findLastIndex((entry) => entry.endMs <= endMs)
  const before = ledger[at]
  if (before?.endMs === endMs) return ledger.with(at, { endMs, count: before.count + count })
  return ledger.toSpliced(at + 1, 0, { endMs, count })
}

/** A ledger of entries in any order. */
export function collect(entries: readonly Entry[]): Ledger {
  const collected: Entry[] = []
  for (const entry of entries.toSorted((a, b) => a.endMs - b.endMs)) {
    const last = collected.at(-1)
    if (last?.endMs === entry.endMs) collected.splice(-1, 1, { endMs: last.endMs, count: last.count + entry.count })
    else collected.push(entry)
  }
  return collected
}

/**
 * Drops what no window can count any more, and pulls in what is further ahead than any reservation reaches.
 *
 * The latter is there only when the clock went back. Whatever such an entry stands for has reached Defender, or was reserved by a process that is
 * still bound by `LONGEST_AHEAD_MS`, so it arrives no later than that from now: nothing is exceeded, and it blocks for one window at most.
 */
export function trim(ledger: Ledger, now: TimeBounds): Ledger {
  const oldestMs = now.earliestMs - LONGEST_WINDOW_MS
  const furthestMs = now.latestMs + LONGEST_AHEAD_MS
  const counted = ledger.filter((entry) => entry.endMs >= oldestMs)
  return collect(counted.map(({ endMs, count }) => ({ endMs: Math.min(endMs, furthestMs), count })))
}

/** Some entry is further ahead than `trim` leaves it: the clock went back since it was made. */
export function isAhead(ledger: Ledger, now: TimeBounds): boolean {
  return (ledger.at(-1)?.endMs ?? -Infinity) > now.latestMs + LONGEST_AHEAD_MS
}

/** How many calls may be sent at `atMs`, with `inFlight` calls that have not ended, at least 0. */
export function freeAt(ledger: Ledger, inFlight: number, quota: Quota, atMs: number): number {
  const free = WINDOWS.map(({ lengthMs, limit }) => quota[limit] - inFlight - spentSince(ledger, atMs - lengthMs))
  return Math.max(0, Math.min(...free))
}

/** How long waiting for a call pays. The hour binds when it has less left than a minute could use. */
export function worthwhilePauseMs(ledger: Ledger, inFlight: number, quota: Quota, atMs: number): number {
  const leftInHour = quota.perHour - inFlight - spentSince(ledger, atMs - LONGEST_WINDOW_MS)
  return leftInHour < quota.perMinute ? LONGEST_PAUSE_FOR_HOUR_MS : LONGEST_PAUSE_MS
}

/** A window includes both its ends: two calls exactly a minute apart share one. */
export function spentSince(ledger: Ledger, sinceMs: number): number {
  let spent = 0
  for (let at = ledger.length - 1; at >= 0; at--) {
    const entry = ledger[at]
    if (!entry || entry.endMs < sinceMs) break
    spent += entry.count
  }
  return spent
}

/**
 * The first millisecond at which one more call may be sent: -Infinity when any time will do, Infinity when calls in flight must end first.
 */
export function nextFreeMs(ledger: Ledger, inFlight: number, quota: Quota): number {
  return Math.max(...WINDOWS.map(({ lengthMs, limit }) => nextFreeInWindow(ledger, inFlight, quota[limit], lengthMs)))
}

function nextFreeInWindow(ledger: Ledger, inFlight: number, limit: number, lengthMs: number): number {
  let spent = inFlight
  if (spent >= limit) return Infinity
  for (let at = ledger.length - 1; at >= 0; at--) {
    const entry = ledger[at]
    if (!entry) break
    spent += entry.count
    if (spent >= limit) return entry.endMs + lengthMs + 1
  }
  return -Infinity
}

/** When the next call may be sent, at least `nowMs`; for an estimate of the time left, and to know whether a slice is worth taking. */
export function nextAvailableAt(ledger: Ledger, quota: Quota, nowMs: number): number {
  return Math.max(nowMs, nextFreeMs(ledger, 0, quota))
}
