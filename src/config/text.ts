import { z } from 'zod'
import { isLoopback } from '../is-loopback.ts'

/**
 * A schema that reads one text. `read` answers undefined, or throws nothing: the problem then says what was `expected`,
 * which therefore has to be enough to put it right.
 */
export function readAs<T>(expected: string, read: (text: string) => T | undefined): z.ZodType<T, string> {
  return z.string({ error: `${expected}; it is required` }).transform((text, context) => {
    const value = read(text)
    if (value !== undefined) return value
    context.issues.push({ code: 'custom', message: expected, input: text })
    return z.NEVER
  })
}

/** A whole number in a range, in decimal digits only (no `1e3`, no `0x10`). */
export function wholeNumber(lowest: number, highest: number, unit: string): z.ZodType<number, string> {
  return readAs(`a whole number of ${unit} from ${lowest} to ${highest}`, (text) => {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : undefined
    return number !== undefined && number >= lowest && number <= highest ? number : undefined
  })
}

/** One of a few words, in any case. */
export function oneOf<const W extends string>(words: readonly W[]): z.ZodType<W, string> {
  return readAs(`one of ${words.join(', ')}`, (text) => words.find((word) => word === text.toLowerCase()))
}

/** A list between commas, with no empty items. */
export function commaSeparated(expected: string): z.ZodType<string[], string> {
  return readAs(expected, (text) => {
    const items = text.split(',').map((item) => item.trim())
    return items.includes('') ? undefined : items
  })
}

/** An `https:` address without credentials, query or fragment; `http:` for this machine only, where no one can listen in. */
export function secureUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || /[?#]/.test(text) || text.includes('@')) return undefined
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)) ? url : undefined
}
