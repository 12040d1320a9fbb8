import { isUtf8 } from 'node:buffer'
import type { z } from 'zod'
import { quote } from '../edge/quote.ts'
import { parseJson } from '../parse-json.ts'
import { ProblemError } from './problem.ts'

/** What was sent, as a route takes it. Throws a `ProblemError` that names what is wrong. */
export function readBody<B extends z.ZodType>(bytes: Buffer, schema: B): z.output<B> {
  const json = isUtf8(bytes) ? parseJson(bytes.toString('utf8')) : undefined
  if (json === undefined) throw new ProblemError('invalidBody', 'The body of the request must be JSON, in UTF-8.')
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  if (issue?.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys
    throw new ProblemError('invalidBody', `${quote(name)} is no member of the body of this request.`, { parameter: name.slice(0, 100) })
  }
  const path = String(issue?.path[0] ?? '')
  if (path === '') throw new ProblemError('invalidBody', 'The body of the request must be a JSON object.')
  throw invalidMember(path, issue?.message ?? 'something else')
}

/** A member of a body that is not what it has to be. */
export const invalidMember = (name: string, expected: string) =>
  new ProblemError('invalidBody', `${name} must be ${expected}.`, { parameter: name })
