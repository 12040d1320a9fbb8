import { FIRST_KEY, instantKeyOf, LAST_KEY } from '../instant.ts'
import type { FeedValue, ValueType } from './value.ts'

export type OperandType = ValueType | 'whole number'

/** A function of `$filter`: what it takes, in one of several ways, what it gives, and its value for operands of which none is null. */
export interface FilterFunction {
  readonly takes: readonly (readonly OperandType[])[]
  readonly gives: ValueType
  /** Its numbers have no fraction. */
  readonly isIntegral?: true
  /** It tells what the clock of an instant shows. */
  readonly isOfClock?: true
  readonly valueOf: (...operands: never[]) => FeedValue
}

const TWO_TEXTS = { takes: [['text', 'text']], gives: 'boolean' } as const
const OF_TEXT = { takes: [['text']], gives: 'text' } as const
const OF_NUMBER = { takes: [['number']], gives: 'number' } as const
const OF_DAY = { takes: [['instant']], gives: 'number', isIntegral: true, isOfClock: true } as const
const OF_TIME = { takes: [['instant'], ['time']], gives: 'number', isOfClock: true } as const

/** A part of an instant's or a time's key, which says `…T` before the time. */
const timeOf = (key: string) => key.slice(key.indexOf('T') + 1)

/**
 * The functions of the feed's `$filter`; whatever has a null among its operands is null.
 * https://docs.oasis-open.org/odata/odata/v4.0/odata-v4.0-part2-url-conventions.html#_Canonical_Functions
 */
export const FUNCTIONS: Readonly<Record<string, FilterFunction>> = {
  contains: { ...TWO_TEXTS, valueOf: (text: string, part: string) => text.includes(part) },
  startswith: { ...TWO_TEXTS, valueOf: (text: string, part: string) => text.startsWith(part) },
  endswith: { ...TWO_TEXTS, valueOf: (text: string, part: string) => text.endsWith(part) },
  // UTF-16 code units, as .NET counts, whose clients ask.
  length: { takes: [['text']], gives: 'number', isIntegral: true, valueOf: (text: string) => text.length },
  indexof: { takes: [['text', 'text']], gives: 'number', isIntegral: true, valueOf: (text: string, part: string) => text.indexOf(part) },
  substring: {
    takes: [
      ['text', 'whole number'],
      ['text', 'whole number', 'whole number'],
    ],
    gives: 'text',
    valueOf: substring,
  },
  tolower: { ...OF_TEXT, valueOf: (text: string) => text.toLowerCase() },
  toupper: { ...OF_TEXT, valueOf: (text: string) => text.toUpperCase() },
  trim: { ...OF_TEXT, valueOf: (text: string) => text.trim() },
  concat: { takes: [['text', 'text']], gives: 'text', valueOf: (one: string, other: string) => one + other },
  year: { ...OF_DAY, valueOf: (key: string) => Number(key.slice(0, 4)) },
  month: { ...OF_DAY, valueOf: (key: string) => Number(key.slice(5, 7)) },
  day: { ...OF_DAY, valueOf: (key: string) => Number(key.slice(8, 10)) },
  hour: { ...OF_TIME, isIntegral: true, valueOf: (key: string) => Number(timeOf(key).slice(0, 2)) },
  minute: { ...OF_TIME, isIntegral: true, valueOf: (key: string) => Number(timeOf(key).slice(3, 5)) },
  second: { ...OF_TIME, isIntegral: true, valueOf: (key: string) => Number(timeOf(key).slice(6, 8)) },
  fractionalseconds: { ...OF_TIME, valueOf: (key: string) => Number(`0${timeOf(key).slice(8)}`) },
  // A date alone is its beginning in UTC, as a literal is.
  date: { takes: [['instant']], gives: 'instant', isOfClock: true, valueOf: (key: string) => `${key.slice(0, 10)}T00:00:00.0000000` },
  time: { takes: [['instant']], gives: 'time', isOfClock: true, valueOf: timeOf },
  // All instants of the feed are in UTC.
  totaloffsetminutes: { ...OF_DAY, valueOf: () => 0 },
  round: { ...OF_NUMBER, valueOf: (number: number) => Math.sign(number) * Math.round(Math.abs(number)) },
  floor: { ...OF_NUMBER, valueOf: (number: number) => Math.floor(number) },
  ceiling: { ...OF_NUMBER, valueOf: (number: number) => Math.ceil(number) },
}

/** From a place on, to the end or so many characters: what lies outside of the text is not there. */
function substring(text: string, from: number, length = Infinity): string {
  const start = Math.max(0, from)
  return text.slice(start, start + Math.max(0, length))
}

/** The functions of nothing, each the key of an instant. They are read as literals, so that they narrow what is looked through. */
export const constantsAt = (nowMs: number): Readonly<Record<string, string>> => ({
  now: instantKeyOf(nowMs),
  mindatetime: FIRST_KEY,
  maxdatetime: LAST_KEY,
})
