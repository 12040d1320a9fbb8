import { dayExists } from '../domain/index.ts'

/** `2026-06-12T02:00:00.5Z` and the like: seconds and fraction may be left out. A `+` that was decoded to a space is taken back. */
const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,12}))?)?(Z|[+\- ]\d{2}:\d{2})$/i
const DATE = /^\d{4}-\d{2}-\d{2}$/

/** Digits of a second that are compared: .NET's are seven. */
const FRACTION_DIGITS = 7

export const FIRST_KEY = '0000-01-01T00:00:00.0000000'
export const LAST_KEY = '9999-12-31T23:59:59.9999999'
const [FIRST_TIME, LAST_TIME] = [FIRST_KEY, LAST_KEY].map(instantMs) as [number, number]

/**
 * An instant as text that sorts by time, or undefined if it is none: `2026-06-12T04:00+02:00` -> `2026-06-12T02:00:00.0000000`.
 * A date alone is its beginning in UTC. An offset may lead out of the years that a text can say: what is beyond is their beginning or end.
 */
export function instantKey(text: string): string | undefined {
  if (DATE.test(text)) return instantKey(`${text}T00:00:00Z`)
  const [, day = '', minute = '', second = '00', fraction = '', zone = ''] = INSTANT.exec(text) ?? []
  if (day === '') return undefined
  const time = Date.parse(`${day}T${minute}:${second}${zone.replace(' ', '+').toUpperCase()}`)
  // `Date` takes 2026-02-30 for 2026-03-02, and 24:00 for the next day.
  if (Number.isNaN(time) || !dayExists(day) || minute >= '24') return undefined
  return keyOf(time, fraction)
}

/** An instant in milliseconds as a key. */
export const instantKeyOf = (timeMs: number): string => keyOf(timeMs, String(timeMs % 1000).padStart(3, '0'))

function keyOf(time: number, fraction: string): string {
  if (time < FIRST_TIME) return FIRST_KEY
  if (time > LAST_TIME) return LAST_KEY
  return `${new Date(time).toISOString().slice(0, 19)}.${fraction.slice(0, FRACTION_DIGITS).padEnd(FRACTION_DIGITS, '0')}`
}

/** A key as milliseconds since the epoch; what is below a millisecond is cut off. */
export function instantMs(key: string): number {
  return Date.parse(`${key.slice(0, 23)}Z`)
}
