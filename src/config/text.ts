import { z } from 'zod'
import { isLoopback } from '../is-loopback.ts'
import { oneOf, readAs, type TextReader } from '../read-text.ts'

/** A schema of the text of a setting; of one that is missing it says that it is required. */
export function textSetting<T>(expected: string, read: TextReader<T>['read']): z.ZodType<T, string> {
  return readAs({ expected, read }, z.string({ error: `${expected}; it is required` }))
}

/** A whole number in a range, in decimal digits only (no `1e3`, no `0x10`). */
export function wholeNumber(lowest: number, highest: number, unit: string): z.ZodType<number, string> {
  return textSetting(`a whole number of ${unit} from ${lowest} to ${highest}`, (text) => {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : undefined
    return number !== undefined && number >= lowest && number <= highest ? number : undefined
  })
}

/** A share from 0 to 1, in decimal digits. */
export const share: z.ZodType<number, string> = textSetting('a share from 0 to 1, e.g. 0.5', (text) =>
  /^(0(\.\d{1,6})?|1(\.0{1,6})?)$/.test(text) ? Number(text) : undefined,
)

/** One of a few words, in any case. */
export function wordSetting<const W extends string>(words: readonly W[]): z.ZodType<W, string> {
  const { expected } = oneOf(words)
  return textSetting(expected, (text) => words.find((word) => word.toLowerCase() === text.toLowerCase()))
}

/** A list between commas, with no empty items. */
export function commaSeparated(expected: string): z.ZodType<string[], string> {
  return textSetting(expected, (text) => {
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
