import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { coarsen } from './coarsen.ts'
import { isAhead, nextAvailableAt, trim, worthwhilePauseMs, type Entry, type Ledger } from './ledger.ts'
import { EVERYTHING_SPENT, LONGEST_AHEAD_MS, LONGEST_LEDGER_CHARS, ROUNDINGS } from './policy.ts'
import type { Quota } from './quota.ts'
import type { TimeBounds } from './time-bounds.ts'

const VERSION = '1'

/** Every stored end is a multiple of this. */
const UNIT_MS = 10

/**
 * The ledger as one string of at most `LONGEST_LEDGER_CHARS` characters. Read back, it never counts less than before, at any time.
 *
 * Numbers in base 36; an end is in hundredths of a second, and each but the first is the distance from the one before. `*n` is a count other than 1:
 *
 *     1 CHECKSUM 2ah0uxs0 4*5 2s
 *
 * is version 1, the CRC-32 of all the other words, one call that ended at 2ah0uxs0 (2026-11-21T10:00:00Z), five 40 ms later, and one another second later.
 */
export function serializeLedger(ledger: Ledger, now: TimeBounds): string {
  const trimmed = trim(ledger, now)
  for (const rounding of ROUNDINGS) {
    const text = encode(coarsen(trimmed, rounding, now.earliestMs))
    if (text.length <= LONGEST_LEDGER_CHARS) return text
  }
  return encode([{ endMs: roundUp(trimmed.at(-1)?.endMs ?? 0), count: countOf(trimmed) }])
}

export interface ParsedLedger {
  readonly ledger: Ledger
  /** The text did not say this: it was unreadable, or from a clock that was ahead. Store it again, or it will block anew with every reading. */
  readonly mended: boolean
}

/**
 * Reads what `serializeLedger` wrote. Undefined, a row that never had a ledger, is nothing spent.
 * Anything unreadable counts as everything spent, by calls that may still be on their way: better an hour idle than a quota exceeded.
 */
export function parseLedger(text: string | undefined, now: TimeBounds): ParsedLedger {
  if (text === undefined) return { ledger: [], mended: false }
  const parsed = LEDGER_TEXT.safeParse(text)
  if (!parsed.success) return { ledger: [{ endMs: now.latestMs + LONGEST_AHEAD_MS, count: EVERYTHING_SPENT }], mended: true }
  return { ledger: trim(parsed.data, now), mended: isAhead(parsed.data, now) }
}

/**
 * When the next slice is worth taking, as far as the stored ledger tells: now if a call is free or worth waiting for, else when one is free.
 * A ledger that must be mended needs a slice now, to store it mended.
 */
export function nextSliceAt(ledgerText: string | undefined, quota: Quota, now: TimeBounds): number {
  const { ledger, mended } = parseLedger(ledgerText, now)
  if (mended) return now.earliestMs
  const freeAtMs = nextAvailableAt(ledger, quota, now.earliestMs)
  return freeAtMs - now.earliestMs > worthwhilePauseMs(ledger, 0, quota, now.earliestMs) ? freeAtMs : now.earliestMs
}

function encode(ledger: Ledger): string {
  const entries = ledger.map(({ endMs, count }, at) => {
    const units = (endMs - (ledger[at - 1]?.endMs ?? 0)) / UNIT_MS
    return count === 1 ? base36(units) : `${base36(units)}*${base36(count)}`
  })
  return [VERSION, checksum(entries), ...entries].join(' ')
}

const ENTRIES = z.array(z.object({ endMs: z.int().nonnegative(), count: z.int().min(1) }))

const LEDGER_TEXT = z
  .string()
  .max(LONGEST_LEDGER_CHARS)
  .regex(/^1 [0-9a-z]+(?: [0-9a-z]+(?:\*[0-9a-z]+)?)*$/)
  .transform((text) => text.split(' ').slice(1))
  .refine(([sum, ...entries]) => sum === checksum(entries))
  .transform(([, ...entries]) => decode(entries))
  .pipe(ENTRIES)

const checksum = (entries: readonly string[]): string => base36(crc32([VERSION, ...entries].join(' ')))

function decode(words: readonly string[]): Ledger {
  let endMs = 0
  return words.map((word): Entry => {
    const [units, count = '1'] = word.split('*')
    endMs += fromBase36(units) * UNIT_MS
    return { endMs, count: fromBase36(count) }
  })
}

const countOf = (ledger: Ledger): number => ledger.reduce((sum, { count }) => sum + count, 0)
const roundUp = (endMs: number): number => Math.ceil(endMs / UNIT_MS) * UNIT_MS
const base36 = (value: number): string => value.toString(36)
const fromBase36 = (digits = ''): number => Number.parseInt(digits, 36)
