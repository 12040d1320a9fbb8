import { z } from 'zod'

/** How a text from outside is read, and what is said of one that cannot be. */
export interface TextReader<T> {
  /** Completes "must be …", and has to be enough to put it right: `a whole number from 1 to 10`. */
  expected: string
  /** The value in a text; undefined for a text that is not what was expected. */
  read: (text: string) => T | undefined
}

/** A schema of what a reader reads; `text` says what else is known of the text, e.g. its documentation. */
export function readAs<T>({ expected, read }: TextReader<T>, text: z.ZodString = z.string()): z.ZodType<T, string> {
  return text.transform((given, context) => {
    const value = read(given)
    if (value !== undefined) return value
    context.issues.push({ code: 'custom', message: expected, input: given })
    return z.NEVER
  })
}

/** One of a few words, as they are written. */
export function oneOf<const W extends string>(words: readonly W[]): TextReader<W> {
  return { expected: `one of ${words.join(', ')}`, read: (text) => words.find((word) => word === text) }
}
