import { readText } from '../../defender/index.ts'
import { parseJson } from '../../parse-json.ts'

/** Lines are looked at byte by byte: as Latin-1, in which each byte is a character, whatever it stands for. */
export const [QUOTE, BACKSLASH, OPENS, CLOSES, RETURN] = [0x22, 0x5c, 0x7b, 0x7d, 0x0d]

/** Stands in no line: no byte is this character. */
export const NO_TEXT = '\uffff'

/**
 * Where the text of a member begins in a line; -1 where it is not there. A quote before the spelling tells it from the end of another name:
 * `"AadDeviceId":"`. Quotes within texts are escaped, so that no text can look like a name.
 */
export function findText(line: string, spelling: string): number {
  let at = line.indexOf(spelling)
  while (at >= 0 && line.charCodeAt(at - 1) !== QUOTE) at = line.indexOf(spelling, at + 1)
  return at < 0 ? -1 : at + spelling.length
}

/** The text of a member as it stands, with the quote that ends it; undefined where it is not there by this spelling. */
export function rawText(line: string, spelling: string): string | undefined {
  const at = findText(line, spelling)
  return at < 0 ? undefined : rawTextAt(line, at)
}

/** The text that begins there as it stands, with the quote that ends it; undefined where none does. */
export function rawTextAt(line: string, from: number): string | undefined {
  let at = line.indexOf('"', from)
  while (at >= 0 && isEscaped(line, at, from)) at = line.indexOf('"', at + 1)
  return at < 0 ? undefined : line.slice(from, at + 1)
}

function isEscaped(line: string, at: number, from: number): boolean {
  let backslashes = 0
  while (at - 1 - backslashes >= from && line.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++
  return backslashes % 2 === 1
}

/** What a text as it stands, with the quote that ends it, means; null where it is empty, undefined where it is no text. */
export function decodeText(raw: string | undefined): string | null | undefined {
  if (raw === undefined) return undefined
  if (/^[ -[\]-~]*$/.test(raw)) return readText(ownText(raw.slice(0, -1)))
  const json = parseJson(`"${Buffer.from(raw, 'latin1').toString('utf8')}`)
  return typeof json === 'string' ? readText(json) : undefined
}

/** A text of its own, and not a view into the piece that it was read from, which would be kept for its sake. */
export const ownText = (text: string): string => Buffer.from(text, 'latin1').toString('latin1')
