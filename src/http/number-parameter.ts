import type { z } from 'zod'
import { parameter } from './parameter.ts'

/** A whole number. */
export function numberParameter(
  description: string,
  { lowest, highest, standard }: { lowest: number; highest: number; standard: number },
): z.ZodType<number, string> {
  const read = (text: string) => {
    const number = /^\d{1,6}$/.test(text) ? Number(text) : -1
    return number >= lowest && number <= highest ? number : undefined
  }
  const expected = `a whole number from ${lowest} to ${highest}`
  return parameter({ expected, read }, { description, type: 'integer', minimum: lowest, maximum: highest, default: standard })
}
