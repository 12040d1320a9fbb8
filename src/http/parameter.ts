import { z } from 'zod'
import { readSnapshotId } from '../domain/index.ts'
import { tenantIdReader } from '../edge/asked-tenant.ts'
import { parseEarlierMoment, parseMoment } from '../history/moment.ts'
import { FORMATS } from './format.ts'
import { oneOf, readAs, type TextReader } from '../read-text.ts'
import { SNAPSHOT_ID_FORMAT } from './shapes/values.ts'

/** What OpenAPI says of a parameter's text. */
interface ParameterDoc {
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

/** A parameter that is read from its text. */
export function parameter<T>(reader: TextReader<T>, doc: ParameterDoc): z.ZodType<T, string> {
  return readAs(reader, z.string({ error: () => reader.expected }).meta({ ...doc }))
}

const MACHINE_ID = /^[A-Za-z0-9._-]{1,100}$/
/** What Defender's answers may name: whatever is listed can be asked for. No control characters, and no half of a surrogate pair. */
export const KB_ID = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,100}$/u

const tenantIdParameter = parameter(tenantIdReader, {
  description: 'The tenant; it may be left out where the app reads one.',
  format: 'uuid',
})

const appTenantIdParameter = parameter(tenantIdReader, {
  description: 'May be given everywhere, and is needed nowhere here; a list has this tenant alone, a path names the same.',
  format: 'uuid',
})

/** A tenant in a path. */
export const tenantIdPathParameter = parameter(tenantIdReader, { description: 'A tenant, by its Microsoft Entra id.', format: 'uuid' })

/** A snapshot in a path. */
export const snapshotIdParameter = parameter(
  {
    expected: "a snapshot id, e.g. 20260612T020000Z, or 'latest'",
    read: (text) => (text.toLowerCase() === 'latest' ? 'latest' : readSnapshotId(text)),
  },
  {
    description: 'A snapshot id, or `latest` for the newest that has ended.',
    pattern: `${SNAPSHOT_ID_FORMAT.pattern}|^latest$`,
    examples: [...SNAPSHOT_ID_FORMAT.examples, 'latest'],
  },
)

export const machineIdParameter = parameter(
  {
    expected: 'a machine id: 1 to 100 letters, digits, dots, hyphens and underscores',
    read: (text) => (MACHINE_ID.test(text) ? text.toLowerCase() : undefined),
  },
  { description: 'A machine, by its Defender device id.', pattern: MACHINE_ID.source },
)

const KB_DOC = {
  description: 'A KB, by the id that Defender gives, with KB before it or without.',
  maxLength: 100,
  examples: ['5094127', 'KB5094127'],
}
const KB_EXPECTED = 'a KB id of 1 to 100 characters, none of which is a control character'
const readKbId = (text: string) => (KB_ID.test(text) ? text : undefined)

export const kbIdParameter = parameter({ expected: KB_EXPECTED, read: readKbId }, KB_DOC)

/** In a path the Functions host decodes everything but slashes. https://github.com/dotnet/aspnetcore/issues/53480 */
export const kbIdPathParameter = parameter({ expected: KB_EXPECTED, read: (text) => readKbId(text.replace(/%2f/gi, '/')) }, KB_DOC)

const MOMENTS = "a snapshot id, a date (2026-06-12), an instant with its offset (2026-06-12T02:00:00Z), 'latest' or 'previous'"
const MOMENT_EXAMPLES = ['latest', '2026-06-12', '2026-06-12T02:00:00Z', '20260612T020000Z']

export const momentParameter = (description: string, standard: 'latest' | 'previous') =>
  parameter({ expected: MOMENTS, read: parseMoment }, { description, default: standard, examples: MOMENT_EXAMPLES })

/** The ends of a diff. */
export const rangeParameters = {
  from: parameter(
    { expected: `${MOMENTS}, or how long before to (-7d, -4w)`, read: parseEarlierMoment },
    {
      description: 'The earlier snapshot; the one before `to` if left out. `-7d` or `-4w`: that long before `to`.',
      default: 'previous',
      examples: [...MOMENT_EXAMPLES, '-7d', '-4w'],
    },
  ).optional(),
  to: momentParameter('The later snapshot; the latest if left out.', 'latest').optional(),
}

export function wordParameter<const W extends string>(words: readonly W[], description: string, standard?: W): z.ZodType<W, string> {
  return parameter(oneOf(words), { description, enum: [...words], ...(standard !== undefined && { default: standard }) })
}

/** Words of which several may be given, each as a parameter of its own. */
export function wordsParameter<const W extends string>(words: readonly W[], description: string, standard?: W) {
  return z.array(z.enum(words, { error: () => oneOf(words).expected })).meta({
    description: `${description} May be given several times.`,
    ...(standard !== undefined && { default: [standard] }),
  })
}

const NAME_CHARACTERS = 256

/** A name that Defender gives, as it is written. */
export const nameParameter = (description: string) =>
  parameter(
    { expected: `a text of up to ${NAME_CHARACTERS} characters`, read: (text) => (text.length <= NAME_CHARACTERS ? text : undefined) },
    { description, maxLength: NAME_CHARACTERS },
  )

/** The group of a machine: null for none, which is written as nothing. */
export const rbacGroupParameter = nameParameter('Only machines of this group; empty for machines without one.').transform((name) =>
  name === '' ? null : name,
)

export const nameBeginningParameter = parameter(
  { expected: 'a text of 1 to 100 characters', read: (text) => (text !== '' && text.length <= 100 ? text : undefined) },
  { description: 'Only machines whose name begins with this, in any letter case.', maxLength: 100 },
)

/** How many rows a page may have, and has in JSON where nothing is said. */
export interface PageSize {
  highest: number
  standard: number
}

function limitParameter({ highest, standard }: PageSize) {
  const read = (text: string) => {
    const number = /^\d{1,6}$/.test(text) ? Number(text) : 0
    return number >= 1 && number <= highest ? number : undefined
  }
  const description = 'At most so many rows. Left out, CSV, Excel and NDJSON go to the end.'
  return parameter(
    { expected: `a whole number from 1 to ${highest}`, read },
    { description, type: 'integer', minimum: 1, maximum: highest, default: standard },
  )
}

const formatParameter = wordParameter(
  FORMATS,
  'Overrides the Accept header. excel is CSV for people: dates and ids as spreadsheets take them.',
)

/** Longer than any cursor that was ever given out. */
const CURSOR_CHARACTERS = 4096

export const CURSOR_EXPECTED = 'a cursor as a nextLink of this very query gave it'

const cursorParameter = parameter(
  {
    expected: CURSOR_EXPECTED,
    read: (text) => (/^[A-Za-z0-9_-]+$/.test(text) && text.length <= CURSOR_CHARACTERS ? text : undefined),
  },
  { description: 'Where to go on, as given by nextLink. Opaque.', maxLength: CURSOR_CHARACTERS },
)

/** The query of a route: its own parameters, and the tenant's id, which may be given everywhere. Any other parameter is refused. */
export function query<S extends z.ZodRawShape>(own: S) {
  return z.strictObject({ ...own, tenantId: tenantIdParameter.optional() })
}

/** The same of a route about the app with all its tenants. */
export function appQuery<S extends z.ZodRawShape>(own: S) {
  return z.strictObject({ ...own, tenantId: appTenantIdParameter.optional() })
}

/** The query of a route that answers a list, in pages if they have a size. */
export function listQuery(own: z.ZodRawShape, pageSize: PageSize | undefined) {
  const paging = pageSize && { limit: limitParameter(pageSize).optional(), cursor: cursorParameter.optional() }
  return query({ ...own, format: formatParameter.optional(), ...paging })
}
