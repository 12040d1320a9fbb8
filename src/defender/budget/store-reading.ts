import type { StoreAnswer } from './budget-time.ts'

/** The store's clock, at some moment between the sending of a request and its answer, was in here. Milliseconds since the epoch, both ends included. */
export interface StoreReading {
  readonly fromMs: number
  readonly toMs: number
}

/** W/"datetime'2026-11-21T10%3A21%3A33.1234567Z'" -> 2026-11-21T10%3A21%3A33.1234567Z */
const ETAG_TIME = /^W\/"datetime'([^']+)'"$/

/** The Date header and the ETag of one answer are no further apart than this, or the ETag is not a time. */
const ETAG_AGREES_MS = 5_000

/**
 * Reads the store's clock off its answer to a write: from the Date header to the second, and from the ETag to the millisecond if that agrees.
 * Undefined when the answer has no Date.
 *
 * Both are documented as times of the service: `date` "at which the response was initiated", `etag` "at which the entity was last updated".
 * https://learn.microsoft.com/en-us/javascript/api/@azure/data-tables/tableupdateentityheaders
 */
export function readStoreAnswer({ date, etag }: StoreAnswer): StoreReading | undefined {
  const dateMs = date?.getTime() ?? Number.NaN
  if (Number.isNaN(dateMs)) return undefined
  const etagMs = readEtag(etag ?? '')
  if (Math.abs(etagMs - dateMs) <= ETAG_AGREES_MS) return { fromMs: etagMs, toMs: etagMs + 1 }
  // A Date header is cut to the second.
  const second = Math.floor(dateMs / 1_000) * 1_000
  return { fromMs: second, toMs: second + 1_000 }
}

/** NaN when the ETag is not a time. */
function readEtag(etag: string): number {
  const time = ETAG_TIME.exec(etag)?.[1]
  return time === undefined ? Number.NaN : Date.parse(time.replaceAll(/%3a/gi, ':'))
}
