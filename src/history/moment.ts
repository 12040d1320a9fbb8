import { dayExists, isSnapshotId, readSnapshotId, snapshotIdOf } from '../domain/index.ts'

/** How a caller names a snapshot. `atOrBefore` is the newest ended snapshot whose id is not above this one. */
export type Moment =
  | { kind: 'latest' }
  | { kind: 'previous' }
  | { kind: 'snapshot'; snapshotId: string }
  | { kind: 'atOrBefore'; snapshotId: string; text: string }
  /** So long before another moment. */
  | { kind: 'earlier'; milliseconds: number; text: string }

const DATE = /^\d{4}-\d{2}-\d{2}$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i

const MOMENT_WORDS = ['latest', 'previous'] as const

/** The `+` of an offset that was not written as `%2B` comes as a space. */
const LOST_PLUS = / (?=\d{2}:\d{2}$)/

/**
 * Reads `latest`, `previous`, a snapshot id, a date (which means its last second in UTC) or an instant with its offset, in any letter case;
 * undefined for anything else.
 */
export function parseMoment(given: string): Moment | undefined {
  const text = given.replace(LOST_PLUS, '+')
  const word = MOMENT_WORDS.find((known) => known === text.toLowerCase())
  if (word) return { kind: word }
  const snapshotId = readSnapshotId(text)
  if (snapshotId !== undefined) return { kind: 'snapshot', snapshotId }
  if (DATE.test(text)) return atOrBefore(`${text}T23:59:59Z`, text)
  return INSTANT.test(text) ? atOrBefore(text.toUpperCase(), text) : undefined
}

const EARLIER = /^-([1-9]\d{0,3})([dw])$/i
const DAY_MS = 86_400_000

/** Reads what `parseMoment` does, and how long before another moment: `-7d`, `-4w`. */
export function parseEarlierMoment(given: string): Moment | undefined {
  const [, count, unit] = EARLIER.exec(given) ?? []
  if (count === undefined) return parseMoment(given)
  return { kind: 'earlier', milliseconds: Number(count) * (unit?.toLowerCase() === 'w' ? 7 : 1) * DAY_MS, text: given }
}

/** Whether all that one moment may mean is later than all that another may: a date means any time of its day. Words are never later. */
export function isLater(moment: Moment, other: Moment): boolean {
  const earliest = idsOf(moment)?.earliest
  const latest = idsOf(other)?.latest
  return earliest !== undefined && latest !== undefined && earliest > latest
}

function idsOf(moment: Moment): { earliest: string; latest: string } | undefined {
  if (!('snapshotId' in moment)) return undefined
  const isDate = moment.kind === 'atOrBefore' && DATE.test(moment.text)
  return { earliest: isDate ? `${moment.snapshotId.slice(0, 8)}T000000Z` : moment.snapshotId, latest: moment.snapshotId }
}

function atOrBefore(instant: string, text: string): Moment | undefined {
  const time = new Date(instant)
  if (Number.isNaN(time.getTime()) || !dayExists(instant)) return undefined
  const snapshotId = snapshotIdOf(time.getTime())
  return isSnapshotId(snapshotId) ? { kind: 'atOrBefore', snapshotId, text } : undefined
}
