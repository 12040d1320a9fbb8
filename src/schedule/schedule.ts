import { Cron } from 'croner'
import { fieldRules, parseField } from './field.ts'

const DAY_MS = 86_400_000

/** When snapshots start: an NCRONTAB expression, always in UTC. */
export interface Schedule {
  /** As configured. */
  text: string
  starts: Cron
  /** The start that was found last, and for what: a tick asks for hundreds of tenants between the same two starts, and finding one takes a while. */
  lastFound: { afterMs: number; nextMs: number }
  /** Midnight of every day that has a start. */
  days: Cron
  /** Milliseconds after midnight: the first and the last start of such a day, and the longest gap between two of them (0 with one start). */
  firstOfDayMs: number
  lastOfDayMs: number
  longestGapOfDayMs: number
}

export type ParsedSchedule = { ok: true; schedule: Schedule } | { ok: false; reason: string }

/**
 * Reads NCRONTAB: `{second} {minute} {hour} {day} {month} {day-of-week}`; with five fields the seconds are 0.
 * Day of the month AND day of the week must match, unlike crontab, where either is enough.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export function parseSchedule(text: string): ParsedSchedule {
  const trimmed = text.trim()
  if (/^-?(\d+\.)?\d+:\d+(:\d+)?(\.\d+)?$/.test(trimmed)) {
    return { ok: false, reason: 'a time span says how often, not when; give six fields, e.g. "0 0 2 * * *" for 02:00 UTC every day' }
  }
  const given = trimmed.split(/\s+/)
  if (given.length !== 5 && given.length !== 6) {
    return {
      ok: false,
      reason: `six fields are needed (second minute hour day month day-of-week), ${trimmed === '' ? 0 : given.length} found`,
    }
  }
  const fields = given.length === 5 ? ['0', ...given] : given
  const numbers: number[][] = []
  for (const [index, rule] of fieldRules.entries()) {
    const parsed = parseField(fields[index] ?? '', rule)
    if (!parsed.ok) return parsed
    numbers.push(parsed.numbers)
  }
  return createSchedule(text, numbers)
}

function createSchedule(text: string, [seconds = [], minutes = [], hours = [], ...dayFields]: number[][]): ParsedSchedule {
  const days = cron([[0], [0], [0], ...dayFields])
  if (days.nextRun(new Date(0)) === null) return { ok: false, reason: 'no such day exists, so nothing would ever start' }
  const times = timesOfDay(hours, minutes, seconds)
  const schedule: Schedule = {
    text,
    starts: cron([seconds, minutes, hours, ...dayFields]),
    lastFound: { afterMs: Infinity, nextMs: -Infinity },
    days,
    firstOfDayMs: times.at(0) ?? 0,
    lastOfDayMs: times.at(-1) ?? 0,
    longestGapOfDayMs: longestGap(times),
  }
  return { ok: true, schedule }
}

/** Croner gets plain numbers only, so that none of its own extensions (L, W, #, 7 as Sunday) can change the meaning. */
function cron(fields: number[][]): Cron {
  const pattern = fields.map((numbers) => numbers.join(',')).join(' ')
  return new Cron(pattern, { mode: '6-part', timezone: 'UTC', domAndDow: true })
}

function timesOfDay(hours: number[], minutes: number[], seconds: number[]): number[] {
  return hours.flatMap((hour) => minutes.flatMap((minute) => seconds.map((second) => ((hour * 60 + minute) * 60 + second) * 1000)))
}

/** The longest gap between neighbours of a sorted list, 0 if there are none. */
function longestGap(sorted: number[]): number {
  return sorted.slice(1).reduce((longest, time, index) => Math.max(longest, time - (sorted[index] ?? time)), 0)
}

/** The first start strictly after an instant (milliseconds since the epoch), or null if there is none any more. */
export function nextStart(schedule: Schedule, afterMs: number): number | null {
  const { starts, lastFound } = schedule
  if (afterMs >= lastFound.afterMs && afterMs < lastFound.nextMs) return lastFound.nextMs
  const nextMs = starts.nextRun(new Date(afterMs))?.getTime() ?? null
  if (nextMs !== null) schedule.lastFound = { afterMs, nextMs }
  return nextMs
}

/** The starts in (afterMs, upToMs], oldest first, at most `max` of them. */
export function startsBetween(schedule: Schedule, afterMs: number, upToMs: number, max: number): number[] {
  const starts: number[] = []
  let start = nextStart(schedule, afterMs)
  while (start !== null && start <= upToMs && starts.length < max) {
    starts.push(start)
    start = nextStart(schedule, start)
  }
  return starts
}

/** A monthly schedule has at least one start in it. */
const INTERVAL_HORIZON_MS = 35 * DAY_MS

/**
 * The longest gap (ms) between adjacent starts, over the gap around `atMs` and those that begin in the five weeks after it:
 * with weekdays only it is the weekend. Worked out from days, as a schedule may have a start every second.
 */
export function intervalMs(schedule: Schedule, atMs: number): number {
  let day = dayOfLastStart(schedule, atMs) ?? schedule.days.nextRun(new Date(atMs))
  let longest = schedule.longestGapOfDayMs
  while (day !== null && day.getTime() <= atMs + INTERVAL_HORIZON_MS) {
    const following = schedule.days.nextRun(day)
    if (following === null) break
    longest = Math.max(longest, following.getTime() + schedule.firstOfDayMs - day.getTime() - schedule.lastOfDayMs)
    day = following
  }
  return longest
}

/** Midnight of the day of the newest start at or before an instant, or null if there was none since 1970. */
function dayOfLastStart(schedule: Schedule, atMs: number): Date | null {
  // Croner leaves out the instant it is asked about, and counts in seconds.
  const recent = schedule.days.previousRuns(2, new Date(atMs + 1000))
  return recent.find((day) => day.getTime() + schedule.firstOfDayMs <= atMs) ?? null
}
