import type { EncodedRow } from './batch.ts'
import { type ColumnsOf, encodeValues, text } from './columns.ts'

/**
 * A text too long for one property, in several: 16 of them are 960 KB of the MiB that a row may have.
 * https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
 */
const NAMES = Array.from({ length: 16 }, (_, index) => `pending${index}` as const)

/** A string property holds 32K characters. */
const PIECE_CHARACTERS = 30_000

export const LONGEST_TEXT_CHARACTERS = NAMES.length * PIECE_CHARACTERS

export type Pieces = Record<(typeof NAMES)[number], string>

export const pieceColumns = Object.fromEntries(NAMES.map((name) => [name, text])) as unknown as ColumnsOf<Pieces>

/** Of a text that is not there. */
export const NO_PIECES: Pieces = Object.fromEntries<string>(NAMES.map((name) => [name, '']))

/** The text in pieces; those that are not needed are left out. */
export function toPieces(whole: string): Partial<Pieces> {
  const pieces: Partial<Pieces> = {}
  let start = 0
  for (const name of NAMES) {
    const end = wholeCharacterEnd(whole, start + PIECE_CHARACTERS)
    if (end > start) pieces[name] = whole.slice(start, end)
    start = end
  }
  return pieces
}

/** The row that a text is the whole of. */
export const textRow = (partitionKey: string, rowKey: string, text: string): EncodedRow => ({
  partitionKey,
  rowKey,
  ...encodeValues<Pieces>(pieceColumns, toPieces(text)),
})

export const fromPieces = (pieces: Pieces): string => NAMES.map((name) => pieces[name]).join('')

/** The end, or one further where it would cut a surrogate pair in two: a half is no text that a service has to keep. */
function wholeCharacterEnd(whole: string, end: number): number {
  if (end >= whole.length) return whole.length
  return /[\ud800-\udbff]/.test(whole.charAt(end - 1)) ? end + 1 : end
}
