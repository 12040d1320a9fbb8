import { quote } from '../../edge/quote.ts'
import { FeedError } from '../feed-error.ts'
import { instantKey } from '../instant.ts'
import type { Literal } from './expression.ts'
import { UNSUPPORTED_VALUES, type UnsupportedValue } from './unsupported.ts'

/** A minus, where it is no part of a number. */
type Punctuation = '(' | ')' | ',' | '-'

export type Token = { position: number; spaceBefore: boolean } & (
  | { kind: 'literal'; literal: Literal }
  /** A name, or a word of the language. */
  | { kind: 'word'; text: string }
  | { kind: 'punctuation'; text: Punctuation }
  /** A value that the language has, and the feed has not. */
  | { kind: 'unsupported'; called: UnsupportedValue; text: string }
  | { kind: 'end' }
)

/** A piece of a filter by its pattern. The first that matches is taken, so that `2026-06-12` is a date and no number. */
const PATTERNS = [
  { kind: 'space', pattern: /[ \t]+/y },
  { kind: 'text', pattern: /'(?:[^']|'')*'/y },
  { kind: 'instant', pattern: /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:Z|[+\- ]\d{2}:\d{2})(?![\w:.-])/iy },
  { kind: 'instant', pattern: /\d{4}-\d{2}-\d{2}(?![\w:.-])/y },
  { kind: 'time', pattern: /(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,12})?)?(?![\w:.-])/y },
  { kind: 'number', pattern: /[+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|INF)(?![\w:.-])/y },
  { kind: 'word', pattern: /[A-Za-z_]\w*(?![\w:.'/@])/y },
  { kind: 'punctuation', pattern: /[(),-]/y },
  ...UNSUPPORTED_VALUES.map((value) => ({ kind: 'unsupported', ...value }) as const),
] as const

/** Words that stand for a value. https://docs.oasis-open.org/odata/odata/v4.0/os/abnf/odata-abnf-construction-rules.txt */
const CONSTANTS: Record<string, Literal> = {
  true: { kind: 'literal', type: 'boolean', value: true },
  false: { kind: 'literal', type: 'boolean', value: false },
  null: { kind: 'literal', type: 'null', value: null },
  NaN: { kind: 'literal', type: 'number', value: NaN, isIntegral: false },
}

/** The pieces of a decoded `$filter`. Throws a `FeedError` at what is none. */
export function* tokensOf(text: string): Generator<Token> {
  let position = 0
  let spaceBefore = true
  while (position < text.length) {
    const { piece, content } = pieceAt(text, position)
    if (content) yield { position, spaceBefore, ...content }
    spaceBefore = !content
    position += piece.length
  }
  yield { kind: 'end', position, spaceBefore }
}

/** The text of the next piece, and what it says; a space says nothing. */
function pieceAt(text: string, position: number): { piece: string; content: TokenContent | undefined } {
  for (const known of PATTERNS) {
    known.pattern.lastIndex = position
    const piece = known.pattern.exec(text)?.[0]
    if (piece === undefined) continue
    if (known.kind === 'unsupported') return { piece, content: { kind: known.kind, called: known.called, text: piece } }
    return { piece, content: known.kind === 'space' ? undefined : tokenOf(known.kind, piece, position) }
  }
  throw invalidFilter(position, `${quote(text.slice(position, position + 20))} cannot be read`)
}

type TokenContent = Token extends infer T ? (T extends Token ? Omit<T, 'position' | 'spaceBefore'> : never) : never

function tokenOf(kind: Exclude<(typeof PATTERNS)[number]['kind'], 'space' | 'unsupported'>, piece: string, position: number): TokenContent {
  switch (kind) {
    case 'text':
      return { kind: 'literal', literal: { kind: 'literal', type: 'text', value: piece.slice(1, -1).replaceAll("''", "'") } }
    case 'instant':
      return { kind: 'literal', literal: instantLiteral(piece, position) }
    case 'time':
      return { kind: 'literal', literal: { kind: 'literal', type: 'time', value: timeKey(piece) } }
    case 'number':
      return { kind: 'literal', literal: numberLiteral(piece) }
    case 'punctuation':
      return { kind: 'punctuation', text: piece as Punctuation }
    case 'word':
      return Object.hasOwn(CONSTANTS, piece) ? { kind: 'literal', literal: CONSTANTS[piece] as Literal } : { kind: 'word', text: piece }
  }
}

/** `12:30` -> `12:30:00.0000000`, as the time of an instant's key. */
function timeKey(piece: string): string {
  const [clock = '', fraction = ''] = piece.split('.')
  return `${clock.padEnd(8, ':00')}.${fraction.slice(0, 7).padEnd(7, '0')}`
}

const numberLiteral = (piece: string): Literal => ({
  kind: 'literal',
  type: 'number',
  value: Number(piece.replace('INF', 'Infinity')),
  isIntegral: /^[+-]?\d+$/.test(piece),
})

function instantLiteral(piece: string, position: number): Literal {
  const value = instantKey(piece)
  if (value === undefined) throw invalidFilter(position, `${piece} is no instant`)
  return { kind: 'literal', type: 'instant', value, hasOffset: /[+\- ](?!00:00)\d{2}:\d{2}$/.test(piece) }
}

export const invalidFilter = (position: number, what: string) =>
  new FeedError('InvalidFilter', `$filter, at character ${position + 1}: ${what}.`)
