import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { intervalMs, nextStart, parseSchedule, startsBetween, type Schedule } from '../../src/schedule/index.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A Thursday. */
const NEW_YEAR_2026 = Date.parse('2026-01-01T00:00:00Z')

function schedule(text: string): Schedule {
  const parsed = parseSchedule(text)
  if (!parsed.ok) throw new Error(parsed.reason)
  return parsed.schedule
}

const at = (text: string) => Date.parse(text)
const iso = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds).toISOString())

describe('parseSchedule', () => {
  it.each([
    '0 0 2 * * *',
    '0 */5 * * * *',
    '30 5-50/15 8-18 * * Mon-Fri',
    '0 0 0 1,15 JAN,July *',
    '0 2 * * *',
    '5/20 0 0 * * 0,6',
    '  0  0\t2 * * *  ',
  ])('accepts %s', (text) => {
    expect(parseSchedule(text)).toMatchObject({ ok: true })
  })

  it.each([
    ['', 'six fields'],
    ['0 0 2 * *  * 2026', '7 found'],
    ['@daily', 'six fields'],
    ['01:00:00', 'time span'],
    ['1.00:00', 'time span'],
    ['60 0 2 * * *', 'seconds'],
    ['0 0 24 * * *', 'hours'],
    ['0 0 2 0 * *', 'days of the month'],
    ['0 0 2 * 13 *', 'months'],
    ['0 0 2 * * 7', 'days of the week'],
    ['0 0 2 L * *', 'days of the month'],
    ['0 0 2 15W * *', 'days of the month'],
    ['0 0 2 ? * MON', 'days of the month'],
    ['0 0 2 * * MON#2', 'days of the week'],
    ['0 0 2 MON * *', 'days of the month'],
    ['0 0 2 * * FRI-MON', 'backwards'],
    ['0 0 2 * * 1,,2', 'days of the week'],
    ['0 0 2 * * 1-2-3', 'days of the week'],
    ['0 0 2/0 * * *', 'hours'],
    ['0 0 1/2/3 * * *', 'hours'],
    ['0 0 -2 * * *', 'hours'],
    ['0 0 2.5 * * *', 'hours'],
    ['0 0 2 31 FEB *', 'no such day'],
  ])('refuses %j and says why', (text, reason) => {
    expect(parseSchedule(text)).toEqual({ ok: false, reason: expect.stringContaining(reason) as unknown })
  })

  it('never throws, whatever the text', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('*', '1', '1-5', '*/2', 'L', '#', '?', 'MON', '5/3'))
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        parseSchedule(words.join(' '))
      }),
    )
  })
})

describe('nextStart', () => {
  it('starts in UTC, strictly after the instant', () => {
    const daily = schedule('0 0 2 * * *')
    expect(iso(nextStart(daily, at('2026-01-01T01:59:59.999Z')))).toBe('2026-01-01T02:00:00.000Z')
    expect(iso(nextStart(daily, at('2026-01-01T02:00:00Z')))).toBe('2026-01-02T02:00:00.000Z')
  })

  it('reads five fields as six with the seconds at 0', () => {
    expect(iso(nextStart(schedule('30 2 * * *'), NEW_YEAR_2026))).toBe('2026-01-01T02:30:00.000Z')
  })

  it('wants the day of the month and the day of the week to match', () => {
    expect(iso(nextStart(schedule('0 0 0 13 * FRI'), NEW_YEAR_2026))).toBe('2026-02-13T00:00:00.000Z')
  })

  it('runs a step from its start to the end of the field', () => {
    expect(startsBetween(schedule('0 10/20 0 * * *'), NEW_YEAR_2026, NEW_YEAR_2026 + HOUR, 9).map(iso)).toEqual([
      '2026-01-01T00:10:00.000Z',
      '2026-01-01T00:30:00.000Z',
      '2026-01-01T00:50:00.000Z',
    ])
  })
})

describe('startsBetween', () => {
  it('leaves out the instant it begins after and takes in the one it goes up to', () => {
    const hourly = schedule('0 0 * * * *')
    expect(startsBetween(hourly, NEW_YEAR_2026, NEW_YEAR_2026 + 2 * HOUR, 10)).toEqual([NEW_YEAR_2026 + HOUR, NEW_YEAR_2026 + 2 * HOUR])
  })

  it('stops at the asked number', () => {
    expect(startsBetween(schedule('* * * * * *'), NEW_YEAR_2026, NEW_YEAR_2026 + DAY, 3)).toHaveLength(3)
  })
})

/** A schedule as sets of numbers, with its text; the model that the program is compared with. */
const modelled = fc.record({
  seconds: fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 2 }),
  minutes: fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 3 }),
  hours: fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 3 }),
  days: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 28 }), { minLength: 1, maxLength: 5 })),
  months: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 })),
  weekdays: fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 })),
})
type Model = typeof modelled extends fc.Arbitrary<infer T> ? T : never

function textOf(model: Model): string {
  const list = (numbers: number[] | null) => numbers?.join(',') ?? '*'
  return [model.seconds, model.minutes, model.hours, model.days, model.months, model.weekdays].map(list).join(' ')
}

/** Every start of a model in a stretch of whole days, by trying each day and each time of day. */
function startsOf(model: Model, fromMs: number, days: number): number[] {
  const times = model.hours.flatMap((h) => model.minutes.flatMap((m) => model.seconds.map((s) => h * HOUR + m * MINUTE + s * SECOND)))
  return Array.from({ length: days }, (_, index) => fromMs + index * DAY)
    .filter((day) => {
      const date = new Date(day)
      return (
        (model.days?.includes(date.getUTCDate()) ?? true) &&
        (model.months?.includes(date.getUTCMonth() + 1) ?? true) &&
        (model.weekdays?.includes(date.getUTCDay()) ?? true)
      )
    })
    .flatMap((day) => times.map((time) => day + time))
    .sort((a, b) => a - b)
}

describe('a schedule', () => {
  it('starts exactly when its six fields say', () => {
    fc.assert(
      fc.property(modelled, fc.integer({ min: 0, max: 3000 }), (model, offsetDays) => {
        const from = NEW_YEAR_2026 + offsetDays * DAY
        const expected = startsOf(model, from, 40)
        expect(startsBetween(schedule(textOf(model)), from - 1, from + 40 * DAY - 1, 10_000)).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('has as interval the longest gap of the coming five weeks, the one it is in included', () => {
    fc.assert(
      fc.property(modelled, fc.integer({ min: 0, max: 400 * 24 }), (model, offsetHours) => {
        const now = NEW_YEAR_2026 + offsetHours * HOUR
        // Enough days on either side for a model of one day in one month and on one weekday.
        const starts = startsOf(model, NEW_YEAR_2026 - 12 * 366 * DAY, 30 * 366)
        const begins = Math.max(
          0,
          starts.findLastIndex((start) => start <= now),
        )
        const gaps = starts
          .slice(begins, -1)
          .map((start, index) => ({ start, length: (starts[begins + index + 1] ?? start) - start }))
          .filter(({ start }) => start <= now + 34 * DAY)
        const longest = Math.max(...gaps.map(({ length }) => length))
        expect(intervalMs(schedule(textOf(model)), now)).toBeGreaterThanOrEqual(longest)
        expect(starts.slice(1).map((start, index) => start - (starts[index] ?? 0))).toContain(intervalMs(schedule(textOf(model)), now))
      }),
      { numRuns: 30 },
    )
  })

  it.each([
    ['0 0 2 * * *', DAY],
    ['0 0 2 * * MON-FRI', 3 * DAY],
    ['0 0 */6 * * *', 6 * HOUR],
    ['* * * * * *', SECOND],
    ['0 0 8,20 * * *', 12 * HOUR],
    ['0 0 0 1 * *', 31 * DAY],
    ['*/5 * 9-17 * * MON-FRI', 2 * DAY + 15 * HOUR + 5 * SECOND],
  ])('%s has an interval of %d ms', (text, expected) => {
    expect(intervalMs(schedule(text), NEW_YEAR_2026 + 90 * MINUTE)).toBe(expected)
  })

  it('keeps the long gap in view until it is over', () => {
    const january = schedule('0 0 2 * JAN *')
    expect(intervalMs(january, at('2026-06-01T00:00:00Z'))).toBe(335 * DAY)
    expect(intervalMs(january, at('2027-01-01T01:00:00Z'))).toBe(335 * DAY)
    const quarter = schedule('0 0 2 * JAN-MAR *')
    expect(intervalMs(quarter, at('2027-01-01T01:59:59Z'))).toBe(276 * DAY)
    expect(intervalMs(quarter, at('2027-01-01T02:00:00Z'))).toBe(DAY)
  })
})
