/** One field of a schedule, e.g. `9-17/2` of hours, as the sorted numbers it matches. */
export interface FieldRule {
  name: string
  lowest: number
  highest: number
  /** Names in order from `lowest`, upper case; the first three letters are enough. */
  names?: readonly string[]
}

const MONTHS = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const
const DAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const

/**
 * The six fields in order. The ranges are those of the NCrontab library behind the Functions timer; unlike crontab, 7 is no Sunday.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export const fieldRules = [
  { name: 'seconds', lowest: 0, highest: 59 },
  { name: 'minutes', lowest: 0, highest: 59 },
  { name: 'hours', lowest: 0, highest: 23 },
  { name: 'days of the month', lowest: 1, highest: 31 },
  { name: 'months', lowest: 1, highest: 12, names: MONTHS },
  { name: 'days of the week', lowest: 0, highest: 6, names: DAYS },
] as const satisfies readonly FieldRule[]

export type FieldResult = { ok: true; numbers: number[] } | { ok: false; reason: string }

/** The numbers a field matches, sorted and without duplicates. */
export function parseField(text: string, rule: FieldRule): FieldResult {
  const matched = new Set<number>()
  for (const item of text.split(',')) {
    const result = parseItem(item, rule)
    if (!result.ok) return result
    for (const number of result.numbers) matched.add(number)
  }
  return { ok: true, numbers: [...matched].sort((a, b) => a - b) }
}

/** One item between commas: `*`, `5`, `5-9`, each with an optional `/step`. `5/10` runs from 5 to the end of the field, as in NCrontab. */
function parseItem(item: string, rule: FieldRule): FieldResult {
  const [body = '', stepText, ...rest] = item.split('/')
  const step = stepText === undefined ? 1 : wholeNumber(stepText)
  if (rest.length > 0 || step === undefined || step < 1) return refuse(item, rule)
  const range = parseRange(body, rule, stepText !== undefined)
  if (range === undefined) return refuse(item, rule)
  // NCrontab would silently swap the ends, so that FRI-MON means Monday to Friday.
  if (range.first > range.last) return { ok: false, reason: `the range "${body}" of the ${rule.name} runs backwards` }
  const numbers: number[] = []
  for (let number = range.first; number <= range.last; number += step) numbers.push(number)
  return { ok: true, numbers }
}

function parseRange(body: string, rule: FieldRule, open: boolean): { first: number; last: number } | undefined {
  if (body === '*') return { first: rule.lowest, last: rule.highest }
  const ends = body.split('-').map((end) => fieldValue(end, rule))
  const [first, last = open ? rule.highest : first] = ends
  if (ends.length > 2 || first === undefined || last === undefined || ends.includes(undefined)) return undefined
  return { first, last }
}

function fieldValue(text: string, rule: FieldRule): number | undefined {
  const upper = text.toUpperCase()
  const named = upper.length < 3 ? -1 : (rule.names ?? []).findIndex((name) => name.startsWith(upper))
  const value = named >= 0 ? named + rule.lowest : wholeNumber(text)
  return value !== undefined && value >= rule.lowest && value <= rule.highest ? value : undefined
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined
}

function refuse(item: string, rule: FieldRule): FieldResult {
  const names = rule.names ? ` or names such as ${rule.names[0]?.slice(0, 3)}` : ''
  return { ok: false, reason: `"${item}" is not valid for the ${rule.name} (${rule.lowest} to ${rule.highest}${names}; with , - / and *)` }
}
