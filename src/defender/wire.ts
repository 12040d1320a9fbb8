import { z } from 'zod'
import { type Attributes, isMachineId, type ListedMachine, type MissingKb, MISSING_KB_ATTRIBUTES, textListOf } from '../domain/index.ts'
import { type AnswerLimits, DEFENDER_POLICY } from './policy.ts'
import { normaliseTimestamp } from './timestamp.ts'

/**
 * What Defender sends, and what it becomes. The shape is strict: an answer that is not a list of objects with ids is no answer.
 * The attributes are lenient, as none has documented types (https://learn.microsoft.com/defender-endpoint/api/get-missing-kbs-machine)
 * and live answers have other ones: what cannot be read is null and never a reason to lose sight of a machine.
 */
export type Decoded<T> = { ok: true; value: T } | { ok: false; reason: string }

export interface KbPage {
  kbs: MissingKb[]
  /** Rows without an id. */
  dropped: number
  nextLink: string | null
  /** The rows that the answer says it has: of this page or of all, sources do not tell. Null where it says nothing. */
  declaredRows: number | null
}

export interface MachinePage {
  machines: ListedMachine[]
  /** Rows as received, with duplicates and dropped ones. */
  rows: number
  dropped: number
  nextLink: string | null
}

/** No KB id is near it. */
const LONGEST_ID = 100

/**
 * Characters of an id in a key, where one outside the plain ones takes five. With the longest machine id beside it, a key stays below 512,
 * which is all that some services take: sources disagree on what the documented 1 KiB counts.
 * https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
 */
const LONGEST_ID_IN_KEY = 400

/** No attribute is near it, and a row of a dozen of them stays far below what Table Storage takes. */
const LONGEST_TEXT = 1_000

/** Table Storage's Int32: https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model */
const LARGEST_COUNT = 2 ** 31 - 1

const attribute = z.unknown().optional()
const text = attribute.transform(readText)
const count = attribute.transform(readCount)
const textList = attribute.transform((value) => {
  return textListOf((Array.isArray(value) ? value : [value]).map(readText).filter((item) => item !== null))
})
const timestamp = attribute.transform((value) => normaliseTimestamp(readText(value)))
const webAddress = attribute.transform(readWebAddress)

const kbId = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => String(value ?? '').trim())
  .refine((value) => isStorableId(value) && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(value), { error: 'is no KB id' })

/** Refused, and not shortened: two ids must never become one, and rows of before keep the keys that they have. */
function isStorableId(id: string): boolean {
  const others = id.replaceAll(/[A-Za-z0-9._-]/g, '').length
  return id.length <= LONGEST_ID && id.length + 4 * others <= LONGEST_ID_IN_KEY
}

/** How each kind of attribute is read, whatever comes. */
const READERS = { text, address: webAddress, count, textList }

type Readers<A extends Attributes> = { [Name in keyof A]: (typeof READERS)[A[Name]['kind']] }

function readersOf<A extends Attributes>(attributes: A): Readers<A> {
  const readers = Object.entries(attributes).map(([name, { kind }]) => [name, READERS[kind]] as const)
  return Object.fromEntries(readers) as Readers<A>
}

const { kbName, ...sameNames } = readersOf(MISSING_KB_ATTRIBUTES)

/** Attributes come under their own names, but for the KB's. */
const kbRow = z
  .object({ id: kbId, name: kbName, ...sameNames })
  .transform(({ id, name, ...rest }): MissingKb => ({ kbId: id, kbName: name, ...rest }))

const machineRow = z
  .object({
    id: text,
    computerDnsName: text,
    osPlatform: text,
    version: text,
    osBuild: count,
    rbacGroupId: text,
    rbacGroupName: text,
    healthStatus: text,
    onboardingStatus: text,
    lastSeen: timestamp,
    firstSeen: timestamp,
    aadDeviceId: text,
    machineTags: textList,
  })
  .transform(({ id, ...rest }): ListedMachine => ({ machineId: (id ?? '').toLowerCase(), ...rest }))

const nextLink = z
  .string()
  .nullish()
  .transform((value) => value ?? null)

/** A success that carries an error is none, whatever rows are beside it. */
const noError = z.null().optional()

/** A page of no more than so many rows: they are counted before any of them is read. */
function pageOf<Row extends z.ZodType>(row: Row, mostRows: number) {
  const few = z.custom<unknown[]>((value) => !Array.isArray(value) || value.length <= mostRows, `has more than ${mostRows} rows`)
  return z.object({ error: noError, value: few.pipe(z.array(row)), '@odata.nextLink': nextLink, '@odata.count': count })
}

type RowLimit = Pick<AnswerLimits, 'rows'>

/** One page of getmissingkbs. Rows without an id are dropped; if that leaves none of several, the answer cannot be believed. */
export function decodeKbs(json: unknown, { rows: mostRows }: RowLimit = DEFENDER_POLICY.answers.missingKbs): Decoded<KbPage> {
  const parsed = pageOf(kbRow, mostRows).safeParse(json)
  if (!parsed.success) return refuse(parsed.error)
  const rows = parsed.data.value
  const kbs = rows.filter((kb) => kb.kbId !== '')
  if (rows.length > 0 && kbs.length === 0) return { ok: false, reason: `none of ${rows.length} rows has an id` }
  const { '@odata.nextLink': next, '@odata.count': declaredRows } = parsed.data
  return { ok: true, value: { kbs, dropped: rows.length - kbs.length, nextLink: next, declaredRows } }
}

/** One page of the machine list. Rows without a usable id are dropped. */
export function decodeMachines(json: unknown, { rows: mostRows }: RowLimit = DEFENDER_POLICY.answers.listMachines): Decoded<MachinePage> {
  const parsed = pageOf(machineRow, mostRows).safeParse(json)
  if (!parsed.success) return refuse(parsed.error)
  const rows = parsed.data.value
  const machines = rows.filter(hasUsableId)
  return {
    ok: true,
    value: { machines, rows: rows.length, dropped: rows.length - machines.length, nextLink: parsed.data['@odata.nextLink'] },
  }
}

const oneMachine = z.looseObject({ error: noError }).pipe(machineRow)

/** One machine by its id. */
export function decodeMachine(json: unknown): Decoded<ListedMachine> {
  const parsed = oneMachine.safeParse(json)
  if (!parsed.success) return refuse(parsed.error)
  return hasUsableId(parsed.data) ? { ok: true, value: parsed.data } : { ok: false, reason: 'it has no usable id' }
}

const hasUsableId = ({ machineId }: ListedMachine) => isMachineId(machineId)

/** The first thing wrong, by place and kind; never the content. */
function refuse(error: z.ZodError): { ok: false; reason: string } {
  const [issue] = error.issues
  return { ok: false, reason: `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'unknown'}` }
}

/**
 * Cut where it is too long to be stored. A half of a surrogate pair, which no storage takes, becomes U+FFFD; a line or paragraph separator,
 * at which Azurite cuts the lines of a transaction, a space.
 */
export function readText(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  const trimmed =
    typeof value === 'string'
      ? value
          .trim()
          .slice(0, LONGEST_TEXT)
          .replaceAll(/\p{Cs}/gu, '\uFFFD')
          .replaceAll(/[\p{Zl}\p{Zp}]/gu, ' ')
      : ''
  return trimmed === '' ? null : trimmed
}

/** Only addresses that are safe as a link in a report. */
export function readWebAddress(value: unknown): string | null {
  const address = readText(value)
  return address !== null && address.length < LONGEST_TEXT && /^https?:\/\//i.test(address) ? address : null
}

/** A count, also where it comes as a text, or as the list of what is counted: one client expected CVE ids and found a number. */
function readCount(value: unknown): number | null {
  if (Array.isArray(value)) return value.length
  const number = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 && number <= LARGEST_COUNT ? number : null
}
