import { z } from 'zod'
import { isSnapshotId } from '../domain/index.ts'
import { parseMoment } from '../history/moment.ts'

/** What OpenAPI says of a parameter's text. */
export interface ParameterDoc {
  description: string
  type?: 'string' | 'integer'
  minimum?: number
  maximum?: number
  enum?: string[]
  format?: string
  pattern?: string
  maxLength?: number
  /** What counts where it is left out. */
  default?: string | number
  examples?: (string | number)[]
}

/** A parameter read from its text. `read` answers undefined for a text that is not what was `expected`. */
export function parameter<T>(expected: string, doc: ParameterDoc, read: (text: string) => T | undefined): z.ZodType<T, string> {
  return z
    .string()
    .meta({ ...doc })
    .transform((text, context) => {
      const value = read(text)
      if (value !== undefined) return value
      context.issues.push({ code: 'custom', message: expected, input: text })
      return z.NEVER
    })
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const MACHINE_ID = /^[A-Za-z0-9._-]{1,100}$/
/** No control, format, private or unassigned characters, and no half of a surrogate pair. */
const KB_ID = /^[^\p{C}]{1,100}$/u

export const tenantIdParameter = parameter(
  'a GUID',
  { description: 'The tenant; the configured one if left out.', format: 'uuid' },
  (text) => (GUID.test(text) ? text.toLowerCase() : undefined),
)

export const snapshotIdParameter = parameter(
  'a snapshot id, e.g. 20260612T020000Z',
  { description: 'A snapshot id.', pattern: '^\\d{8}T\\d{6}Z$', examples: ['20260612T020000Z'] },
  (text) => (isSnapshotId(text) ? text : undefined),
)

export const machineIdParameter = parameter(
  'a machine id: 1 to 100 letters, digits, dots, hyphens and underscores',
  { description: 'A machine, by its Defender device id.', pattern: '^[A-Za-z0-9._-]{1,100}$' },
  (text) => (MACHINE_ID.test(text) ? text.toLowerCase() : undefined),
)

const KB_DOC = { description: 'A KB, by the id that Defender gives.', maxLength: 100, examples: ['5094127'] }
const KB_EXPECTED = 'a KB id of 1 to 100 printable characters'
const readKbId = (text: string) => (KB_ID.test(text) ? text : undefined)

export const kbIdParameter = parameter(KB_EXPECTED, KB_DOC, readKbId)

/** In a path the Functions host decodes everything but slashes. https://github.com/dotnet/aspnetcore/issues/53480 */
export const kbIdPathParameter = parameter(KB_EXPECTED, KB_DOC, (text) => readKbId(text.replace(/%2f/gi, '/')))

export const momentParameter = (description: string, standard: 'latest' | 'previous') =>
  parameter(
    "a snapshot id, a date (2026-06-12), an instant with its offset (2026-06-12T02:00:00Z), 'latest' or 'previous'",
    { description, default: standard, examples: ['latest', '2026-06-12', '2026-06-12T02:00:00Z', '20260612T020000Z'] },
    parseMoment,
  )

export function oneOf<const W extends string>(words: readonly W[], description: string, standard?: W): z.ZodType<W, string> {
  const doc = { description, enum: [...words], ...(standard !== undefined && { default: standard }) }
  return parameter(`one of ${words.join(', ')}`, doc, (text) => words.find((word) => word === text))
}

export function limitParameter(highest: number, standard: number) {
  const doc = { description: 'At most so many rows.', type: 'integer', minimum: 1, maximum: highest, default: standard } as const
  return parameter(`a whole number from 1 to ${highest}`, doc, (text) => {
    const number = /^\d{1,6}$/.test(text) ? Number(text) : 0
    return number >= 1 && number <= highest ? number : undefined
  })
    .optional()
    .transform((limit) => limit ?? standard)
}

/** Longer than any cursor that was ever given out. */
const CURSOR_CHARACTERS = 4096

export const CURSOR_EXPECTED = 'a cursor as a nextLink of this very query gave it'

export const cursorParameter = parameter(
  CURSOR_EXPECTED,
  { description: 'Where to go on, as given by nextLink. Opaque.', maxLength: CURSOR_CHARACTERS },
  (text) => (/^[A-Za-z0-9_-]+$/.test(text) && text.length <= CURSOR_CHARACTERS ? text : undefined),
)

/** The query of a route: its own parameters, and the tenant's id, which may be given everywhere. Any other parameter is refused. */
export function query<S extends z.ZodRawShape>(own: S) {
  return z.strictObject({ ...own, tenantId: tenantIdParameter.optional() })
}

/** The query of a route that answers in pages. */
export function pagedQuery<S extends z.ZodRawShape>(own: S, limit: { highest: number; standard: number }) {
  return query({ ...own, limit: limitParameter(limit.highest, limit.standard), cursor: cursorParameter.optional() })
}
